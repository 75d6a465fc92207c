with user_windows as (select * from {{ ref('stg_stream__user_windows') }}),

movie_windows as (select * from {{ ref('stg_stream__movie_windows') }}),

manifest as (select * from {{ ref('stg_movielens__manifest') }}),

{% if var('hold_floods') -%}
    held_records as (select * from {{ ref('stg_stream__held_records') }}),

    held_totals as (
        select count_if(status = 'held') as held_rating_count
        from held_records
    ),

{% else -%}
    held_totals as (select cast(null as bigint) as held_rating_count),

{% endif -%}
datasets as (select distinct dataset_sha256 from manifest),

checked_times as (
    select
        max(window_start)
        - make_dt_interval(0, {{ var('stream_checked_hours') }}) as checked_from
    from user_windows
),

user_totals as (
    select
        max(user_windows.rating_count) as user_ratings,
        max_by(
            concat(
                'user_id ', user_windows.user_id, ' from ', user_windows.window_start
            ),
            struct(user_windows.rating_count, user_windows.window_start)
        ) as user_ratings_where
    from user_windows
    inner join checked_times on user_windows.window_start > checked_times.checked_from
),

movie_floods as (
    select
        concat(
            'movie_id ', movie_windows.movie_id, ' from ', movie_windows.window_start
        ) as which,
        movie_windows.top_excess > {{ var('stream_flood_share') }} as is_top,
        movie_windows.bottom_excess > {{ var('stream_flood_share') }} as is_bottom,
        struct(movie_windows.rating_count, movie_windows.window_start) as flood_size,
        movie_windows.rating_count
    from movie_windows
    inner join checked_times on movie_windows.window_start > checked_times.checked_from
),

movie_totals as (
    select
        max(if(is_top, rating_count, 0)) as top_flood_ratings,
        max_by(which, if(is_top, flood_size, null)) as top_flood_ratings_where,
        max(if(is_bottom, rating_count, 0)) as bottom_flood_ratings,
        max_by(which, if(is_bottom, flood_size, null)) as bottom_flood_ratings_where
    from movie_floods
),

window_profile as (
    select
        user_totals.user_ratings,
        user_totals.user_ratings_where,
        movie_totals.top_flood_ratings,
        movie_totals.top_flood_ratings_where,
        movie_totals.bottom_flood_ratings,
        movie_totals.bottom_flood_ratings_where,
        held_totals.held_rating_count,
        datasets.dataset_sha256,
        cast('{{ run_started_at }}' as timestamp) as checked_at
    from user_totals
    cross join movie_totals
    cross join held_totals
    cross join datasets
)

select * from window_profile
