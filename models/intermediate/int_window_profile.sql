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

movie_totals as (
    select
        {% for end in ['top', 'bottom'] -%}
            max(
                if(
                    movie_windows.{{ end }}_excess > {{ var('stream_flood_share') }},
                    movie_windows.rating_count,
                    0
                )
            ) as {{ end }}_flood_ratings,
            max_by(
                concat(
                    'movie_id ', movie_windows.movie_id, ' from ', movie_windows.window_start
                ),
                if(
                    movie_windows.{{ end }}_excess > {{ var('stream_flood_share') }},
                    struct(movie_windows.rating_count, movie_windows.window_start),
                    null
                )
            ) as {{ end }}_flood_ratings_where{{ ',' if not loop.last }}
        {% endfor -%}
    from movie_windows
    inner join checked_times on movie_windows.window_start > checked_times.checked_from
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
