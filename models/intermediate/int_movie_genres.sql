with movies as (select * from {{ ref('stg_movielens__movies') }}),

movie_genres as (
    select distinct
        movie_id,
        explode(genres) as genre
    from movies
)

select * from movie_genres
