with movies as (select * from {{ ref('stg_movielens__movies') }}),

links as (select * from {{ ref('stg_movielens__links') }}),

ratings as (select * from {{ ref('fct_ratings') }}),

ratings_by_movie as (
    select
        movie_id,
        count(*) as rating_count,
        count_if(is_like) as like_count,
        avg(rating) as rating_mean,
        min(rated_at) as first_rated_at,
        max(rated_at) as last_rated_at
    from ratings
    group by movie_id
),

movie_dimension as (
    select
        movies.movie_id,
        links.imdb_id,
        links.tmdb_id,
        movies.title,
        movies.raw_title,
        movies.alternative_titles,
        movies.genres,
        movies.release_year,
        coalesce(ratings_by_movie.rating_count, 0) as rating_count,
        coalesce(ratings_by_movie.like_count, 0) as like_count,
        ratings_by_movie.rating_mean,
        ratings_by_movie.first_rated_at,
        ratings_by_movie.last_rated_at
    from movies
    left join links on movies.movie_id = links.movie_id
    left join ratings_by_movie on movies.movie_id = ratings_by_movie.movie_id
)

select * from movie_dimension
