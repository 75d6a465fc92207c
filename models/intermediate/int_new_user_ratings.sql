with ratings as (select * from {{ ref('int_ratings_split') }}),

placed_ratings as (
    select
        user_id,
        movie_id,
        rating,
        pmod(xxhash64(user_id, 'fold', {{ var('seed') }}), {{ var('new_user_folds') }})
            as fold,
        temporal_split = 'test' as is_target,
        row_number() over (
            partition by user_id, temporal_split
            order by rated_at desc, {{ hash_share('order') }}, movie_id
        ) as place,
        rank() over (
            partition by user_id, temporal_split
            order by rated_at desc
        ) - 1 as newer_before,
        count(*) over (partition by user_id, temporal_split) as count_before,
        newer_in_all as newer_count,
        count_in_all as rating_count,
        {{ preference('rating') }} as preference,
        {{ is_like('rating') }} as is_like
    from ratings
),

new_user_ratings as (
    select
        user_id,
        movie_id,
        rating,
        fold,
        is_target,
        place,
        newer_before,
        count_before,
        newer_count,
        rating_count,
        preference,
        is_like,
        preference * {{ recency('newer_before', 'count_before') }} as weight_before,
        preference * {{ recency('newer_count', 'rating_count') }} as weight
    from placed_ratings
)

select * from new_user_ratings
