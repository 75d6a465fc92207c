{{ config(materialized='view' if var('id_type') == 'int' else 'table') }}
with movies as (select * from {{ ref('accepted_movies') }}),

keyed_movies as (
    select
        {{ key_of('movie', 'movies') }} as movie_id,
        movies.movie_id as public_id,
        movies.title,
        movies.genres,
        movies.release_year,
        movies.rating_count,
        movies.like_count
    from movies
    {{ join_keys('movie', 'movies') }}
)

select * from keyed_movies
