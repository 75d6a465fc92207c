{{
    config(
        materialized='incremental',
        incremental_strategy='insert_overwrite',
        partition_by=['source_file'],
        post_hook="{{ delete_other_versions('movielens', 'ratings') }}"
    )
}}
with lines as (select * from {{ ref('base_movielens__ratings') }}),

{% if is_incremental() -%}
    staged_ratings as (select * from {{ this }}),

    staged_versions as (select distinct file_version from staged_ratings),

{% endif -%}
new_lines as (
    select
        lines.user_id,
        lines.movie_id,
        lines.rating,
        lines.rated_at,
        lines.file_version,
        lines.source_file
    from lines
    {% if is_incremental() -%}
        left anti join
            staged_versions
            on lines.file_version = staged_versions.file_version
    {% endif -%}
    where lines.reason is null
),

latest_ratings as (
    select
        user_id,
        movie_id,
        {{ 'round(sum(rating), 6)' if var('feedback') == 'implicit'
            else 'max_by(rating, struct(rated_at, rating))' }} as rating,
        max(rated_at) as rated_at,
        count(*) as line_count,
        file_version,
        source_file
    from new_lines
    group by user_id, movie_id, file_version, source_file
)

select * from latest_ratings
