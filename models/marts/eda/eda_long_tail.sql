with movies as (select * from {{ ref('dim_movies') }}),

ranked_movies as (
    select
        rating_count,
        row_number() over (order by rating_count desc, movie_id asc) as popularity_rank,
        count(*) over () as movie_count
    from movies
),

steps as (select explode(array(1, 2, 5, 10, 20, 30, 50, 75, 100)) as top_percent),

long_tail as (
    select
        steps.top_percent,
        count(*) as movie_count,
        sum(ranked_movies.rating_count) as rating_count,
        min(ranked_movies.rating_count) as least_ratings
    from steps
    inner join ranked_movies
        on
            ranked_movies.popularity_rank
            <= ceil(ranked_movies.movie_count * steps.top_percent / 100)
    group by steps.top_percent
),

rated_long_tail as (
    select
        top_percent,
        movie_count,
        rating_count,
        least_ratings,
        try_divide(rating_count, max(rating_count) over ()) as rating_share
    from long_tail
)

select * from rated_long_tail
