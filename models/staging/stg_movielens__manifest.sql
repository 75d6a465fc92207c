with lines as (
    select
        value,
        _metadata['file_path'] as landed_at_path
    from {{ source('movielens', 'manifest') }}
),

manifests as (
    select
        landed_at_path,
        inline(
            array(
                from_json(
                    value,
                    'dataset string, source string, licence string, sha256 string,
                    files array<
                        struct<file string, rows bigint, bytes bigint, sha256 string>
                    >'
                )
            )
        ) as (dataset, source, licence, dataset_sha256, files)
    from lines
),

landed_files as (
    select
        dataset,
        source,
        licence,
        dataset_sha256,
        landed_at_path,
        inline(files) as (source_file, line_count, byte_count, sha256)
    from manifests
)

select * from landed_files
