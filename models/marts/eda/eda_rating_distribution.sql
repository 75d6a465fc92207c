with ratings as (select * from {{ ref('fct_ratings') }}),

ratings_by_stars as (
    select
        rating,
        count(*) as rating_count
    from ratings
    group by rating
),

rating_distribution as (
    select
        rating,
        rating_count,
        rating_count / sum(rating_count) over () as rating_share,
        sum(rating_count) over (order by rating)
        / sum(rating_count) over () as cumulative_share
    from ratings_by_stars
)

select * from rating_distribution
