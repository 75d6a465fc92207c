with users as (select * from {{ ref('dim_users') }}),

ranked_users as (
    select
        user_id,
        rating_count,
        rating_mean,
        datediff(last_rated_at, first_rated_at) + 1 as active_days,
        row_number() over (order by rating_count desc, user_id asc) as activity_rank,
        ntile(10) over (order by rating_count desc, user_id asc) as activity_decile,
        sum(rating_count) over () as total_rating_count
    from users
),

user_activity as (
    select
        user_id,
        rating_count,
        rating_count / total_rating_count as rating_share,
        rating_mean,
        active_days,
        activity_rank,
        activity_decile
    from ranked_users
    where rating_count > 0
)

select * from user_activity
