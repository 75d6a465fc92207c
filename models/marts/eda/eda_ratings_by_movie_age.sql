with ratings as (select * from {{ ref('fct_ratings') }}),

movies as (select * from {{ ref('dim_movies') }}),

aged_ratings as (
    select
        ratings.rating,
        greatest(year(ratings.rated_at) - movies.release_year, 0) as movie_age
    from ratings
    inner join movies on ratings.movie_id = movies.movie_id
    where movies.release_year is not null
),

ratings_by_movie_age as (
    select
        movie_age,
        count(*) as rating_count,
        avg(rating) as rating_mean,
        count(*) / sum(count(*)) over () as rating_share
    from aged_ratings
    group by movie_age
)

select * from ratings_by_movie_age
