with users as (select * from {{ ref('dim_users') }}),

movies as (select * from {{ ref('accepted_movies') }}),

ratings as (select * from {{ ref('fct_ratings') }}),

catalogue as (select count(*) as movie_count from movies),

rated_movies as (
    select
        ratings.user_id,
        count(*) as rated_movie_count
    from ratings
    inner join movies on ratings.movie_id = movies.movie_id
    group by ratings.user_id
),

expected_lists as (
    select
        users.user_id,
        least(
            {{ var('top_n') }},
            catalogue.movie_count - coalesce(rated_movies.rated_movie_count, 0)
        ) as expected_length
    from users
    cross join catalogue
    left join rated_movies on users.user_id = rated_movies.user_id
)

select * from expected_lists
