-- a rated movie is in no list, as the gate checks
with recommendations as (select * from {{ ref('recommendations') }}),

ratings as (select * from {{ ref('fct_ratings') }}),

reason_movies as (
    select
        user_id,
        rank,
        explode(reason_movie_ids) as movie_id
    from recommendations
),

unrated_reasons as (
    select
        reason_movies.user_id,
        reason_movies.rank,
        reason_movies.movie_id
    from reason_movies
    left anti join ratings
        on
            reason_movies.user_id = ratings.user_id
            and reason_movies.movie_id = ratings.movie_id
)

select * from unrated_reasons
