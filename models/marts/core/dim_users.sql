with users as (select * from {{ ref('stg_movielens__users') }}),

ratings as (select * from {{ ref('fct_ratings') }}),

ratings_by_user as (
    select
        user_id,
        count(*) as rating_count,
        count_if(is_like) as like_count,
        avg(rating) as rating_mean,
        min(rated_at) as first_rated_at,
        max(rated_at) as last_rated_at
    from ratings
    group by user_id
),

user_dimension as (
    select
        coalesce(users.user_id, ratings_by_user.user_id) as user_id,
        users.gender,
        users.occupation,
        users.age,
        {{ age_band('users.age') }} as age_band,
        coalesce(ratings_by_user.rating_count, 0) as rating_count,
        coalesce(ratings_by_user.like_count, 0) as like_count,
        ratings_by_user.rating_mean,
        ratings_by_user.first_rated_at,
        ratings_by_user.last_rated_at
    from users
    full outer join ratings_by_user on users.user_id = ratings_by_user.user_id
)

select * from user_dimension
