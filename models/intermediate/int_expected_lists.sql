with users as (select * from {{ ref('dim_users') }}),
{% if var('rules') %}
    keyed_users as (select * from {{ ref('int_users') }}),

    ruled_lists as (select * from {{ ref('int_ruled_lists') }}),

    expected_lists as (
        select
            users.user_id,
            ruled_lists.expected_length,
            ruled_lists.broken_row_count
        from users
        inner join keyed_users on users.user_id = keyed_users.public_id
        inner join ruled_lists on keyed_users.user_id = ruled_lists.user_id
    )
{% else %}
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
            ) as expected_length,
            0 as broken_row_count
        from users
        cross join catalogue
        left join rated_movies on users.user_id = rated_movies.user_id
    )
{% endif %}
select * from expected_lists
