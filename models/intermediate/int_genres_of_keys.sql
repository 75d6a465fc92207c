with movies as (select * from {{ ref('int_movies') }}),

genres_of_keys as (
    select
        movie_id,
        explode(genres) as genre
    from movies
)

select * from genres_of_keys
