with users as (select * from {{ ref('dim_users') }}),

ratings as (select * from {{ ref('accepted_ratings') }}),

user_histories as (
    select
        users.user_id,
        array_sort(collect_list(ratings.movie_id)) as movie_ids
    from users
    left join ratings on users.user_id = ratings.user_id
    group by users.user_id
)

select * from user_histories
