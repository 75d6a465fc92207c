{%- set reads_segments = has_segments() == 'true' -%}
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

{% if reads_segments -%}
    pins as (
        select
            _metadata['file_path'] as pinned_at_path,
            inline(
                array(
                    from_json(
                        value,
                        'sha256 string, files array<
                            struct<file string, rows bigint, bytes bigint, sha256 string>
                        >'
                    )
                )
            ) as (incoming_sha256, segments)
        from {{ of_pin(source('incoming', 'pins')) }}
    ),

{% endif -%}
landed_files as (
    select
        manifests.dataset,
        manifests.source,
        manifests.licence,
        manifests.dataset_sha256,
        {{ 'pins.incoming_sha256' if reads_segments else 'cast(null as string)' }}
            as incoming_sha256,
        manifests.landed_at_path,
        inline(manifests.files) as (source_file, line_count, byte_count, sha256)
    from manifests
    {{ 'cross join pins' if reads_segments }}
),

{% if reads_segments -%}
    segments as (
        select
            manifests.dataset,
            manifests.source,
            manifests.licence,
            manifests.dataset_sha256,
            pins.incoming_sha256,
            pins.pinned_at_path as landed_at_path,
            inline(pins.segments) as (source_file, line_count, byte_count, sha256)
        from manifests
        cross join pins
    ),

{% endif -%}
files as (
    select
        *,
        false as is_segment
    from landed_files
    {% if reads_segments -%}
        union all
        select
            *,
            true as is_segment
        from segments
    {%- endif %}
)

select * from files
