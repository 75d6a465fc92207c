with users as (select * from {{ ref('dim_users') }}),

active_users as (
    select
        user_id,
        rating_count,
        rating_mean,
        datediff(last_rated_at, first_rated_at) + 1 as active_days
    from users
    where rating_count > 0
),

user_activity as (
    select
        user_id,
        rating_count,
        rating_count / sum(rating_count) over () as rating_share,
        rating_mean,
        active_days,
        row_number() over (order by rating_count desc, user_id asc) as activity_rank,
        ntile(10) over (order by rating_count desc, user_id asc) as activity_decile
    from active_users
)

select * from user_activity
