with ratings as (select * from {{ ref('fct_ratings') }}),

ratings_by_month as (
    select
        cast(date_trunc('month', rated_at) as date) as rated_month,
        count(*) as rating_count,
        count(distinct user_id) as user_count,
        avg(rating) as rating_mean
    from ratings
    group by cast(date_trunc('month', rated_at) as date)
),

rating_trends as (
    select
        year(rated_month) as rated_year,
        rated_month,
        rating_count,
        user_count,
        rating_mean
    from ratings_by_month
)

select * from rating_trends
