with preferences as (select * from {{ ref('int_preferences') }}),

movie_genres as (select * from {{ ref('int_genres_of_keys') }}),

liked_movies as (
    select
        user_id,
        movie_id
    from preferences
    where subset = 'test' and is_like
),

relevant_movies as (
    select
        user_id,
        movie_id,
        'all' as genre
    from liked_movies
    union all
    select
        liked_movies.user_id,
        liked_movies.movie_id,
        movie_genres.genre
    from liked_movies
    inner join movie_genres on liked_movies.movie_id = movie_genres.movie_id
)

select * from relevant_movies
