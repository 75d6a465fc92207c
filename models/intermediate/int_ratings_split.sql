with ratings as (select * from {{ ref('accepted_ratings') }}),

placed_ratings as (
    select
        user_id,
        movie_id,
        rating,
        rated_at,
        pmod(xxhash64(user_id, movie_id, {{ var('seed') }}), 10000) as hash_bucket,
        row_number() over (
            partition by user_id order by rated_at desc, movie_id desc
        ) as recency,
        count(*) over (partition by user_id) as user_rating_count
    from ratings
),

split_ratings as (
    select
        user_id,
        movie_id,
        rating,
        case
            when hash_bucket < {{ var('test_share') }} * 10000 then 'test' else 'train'
        end as random_split,
        case
            when recency <= floor(user_rating_count * {{ var('test_share') }})
                then 'test'
            else 'train'
        end as temporal_split,
        rated_at
    from placed_ratings
)

select * from split_ratings
