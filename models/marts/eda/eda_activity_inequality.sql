with users as (select * from {{ ref('eda_user_activity') }}),

activity_inequality as (
    select
        count(*) as user_count,
        sum(rating_count) as rating_count,
        avg(rating_count) as ratings_per_user,
        percentile(rating_count, 0.5) as median_ratings_per_user,
        max(rating_share) as most_active_user_share,
        1 + (1 - 2 * sum(activity_rank * rating_share)) / nullif(count(*), 0)
            as gini_coefficient
    from users
    having count(*) > 0
)

select * from activity_inequality
