with lines as (select * from {{ source('movielens', 'manifest') }}),

manifests as (
    select
        from_json(
            value,
            'dataset string, source string, licence string, sha256 string,
            files array<struct<file string, rows bigint, bytes bigint, sha256 string>>'
        ) as manifest
    from lines
),

files as (
    select
        manifest.dataset,
        manifest.source,
        manifest.licence,
        manifest.sha256 as dataset_sha256,
        explode(manifest.files) as landed
    from manifests
),

landed_files as (
    select
        dataset,
        landed.file as source_file,
        source,
        licence,
        landed.rows as line_count,
        landed.bytes as byte_count,
        landed.sha256,
        dataset_sha256
    from files
)

select * from landed_files
