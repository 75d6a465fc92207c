with ratings as (select * from {{ ref('fct_ratings') }}),

movies as (
    select
        movie_id,
        release_year,
        row_number() over (order by rating_count desc, movie_id asc)
        > ceil(count(*) over () / 10) as is_niche
    from {{ ref('dim_movies') }}
),

aged_ratings as (
    select
        ratings.movie_id,
        ratings.rating,
        year(ratings.rated_at) - movies.release_year >= 20 as is_older,
        movies.is_niche
    from ratings
    inner join movies on ratings.movie_id = movies.movie_id
    where movies.release_year is not null
),

older_movies as (
    select
        is_older,
        is_niche,
        count(distinct movie_id) as movie_count,
        count(*) as rating_count,
        avg(rating) as rating_mean
    from aged_ratings
    group by is_older, is_niche
)

select * from older_movies
