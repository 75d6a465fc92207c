with records as (
    select * from {{ ref('stg_stream__records') }}
    where {{ has_stream() }} and reason is null and not is_repeated
),

landed_ratings as (select * from {{ ref('stg_movielens__ratings') }}),

records_in_windows as (
    select
        *,
        {{ window_of('sent_at', var('stream_flood_movie_seconds')) }} as window_start
    from records
),

rated_windows as (
    select
        movie_id,
        window_start,
        count(*) as rating_count,
        count(distinct user_id) as user_count,
        avg(rating) as rating_mean,
        count_if({{ is_extreme('rating', 'top') }}) / count(*) as top_share,
        count_if({{ is_extreme('rating', 'bottom') }}) / count(*) as bottom_share
    from records_in_windows
    group by movie_id, window_start
),

landed_movies as (
    select
        movie_id,
        count(*) as rating_count,
        count_if({{ is_extreme('rating', 'top') }}) as top_count,
        count_if({{ is_extreme('rating', 'bottom') }}) as bottom_count
    from landed_ratings
    group by movie_id
),

landed_totals as (
    select
        try_divide(sum(top_count), sum(rating_count)) as top_share,
        try_divide(sum(bottom_count), sum(rating_count)) as bottom_share
    from landed_movies
),

windows_with_usual_shares as (
    select
        rated_windows.*,
        {{ usual_share(
            'landed_movies.top_count',
            'landed_movies.rating_count',
            'landed_totals.top_share'
        ) }} as usual_top_share,
        {{ usual_share(
            'landed_movies.bottom_count',
            'landed_movies.rating_count',
            'landed_totals.bottom_share'
        ) }} as usual_bottom_share
    from rated_windows
    cross join landed_totals
    left join landed_movies on rated_windows.movie_id = landed_movies.movie_id
),

windows_with_excess as (
    select
        *,
        coalesce({{ share_of_the_way('usual_top_share', 'top_share', '1') }}, 0)
            as top_excess,
        coalesce({{ share_of_the_way('usual_bottom_share', 'bottom_share', '1') }}, 0)
            as bottom_excess
    from windows_with_usual_shares
),

movie_windows as (
    select
        *,
        rating_count > {{ var('stream_flood_movie_ratings') }}
        and top_excess > {{ var('stream_flood_share') }} as is_top_flood,
        rating_count > {{ var('stream_flood_movie_ratings') }}
        and bottom_excess > {{ var('stream_flood_share') }} as is_bottom_flood
    from windows_with_excess
)

select * from movie_windows
