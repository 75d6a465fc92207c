with lines as (select * from {{ ref('base_movielens__ratings') }}),

ranked_ratings as (
    select
        user_id,
        movie_id,
        rating,
        rated_at,
        row_number() over (
            partition by user_id, movie_id
            order by rated_at desc, rating desc
        ) as recency
    from lines
    where reason is null
),

latest_ratings as (
    select
        user_id,
        movie_id,
        rating,
        rated_at
    from ranked_ratings
    where recency = 1
)

select * from latest_ratings
