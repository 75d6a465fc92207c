with users as (select * from {{ ref('eda_user_activity') }}),

deciles as (
    select
        activity_decile,
        count(*) as user_count,
        sum(rating_count) as rating_count,
        min(rating_count) as min_rating_count,
        max(rating_count) as max_rating_count
    from users
    group by activity_decile
),

activity_deciles as (
    select
        activity_decile,
        user_count,
        rating_count,
        min_rating_count,
        max_rating_count,
        rating_count / sum(rating_count) over () as rating_share,
        sum(rating_count) over (order by activity_decile)
        / sum(rating_count) over () as cumulative_share
    from deciles
)

select * from activity_deciles
