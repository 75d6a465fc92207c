with ratings as (select * from {{ ref('accepted_ratings') }}),

cut as (
    select percentile(unix_seconds(rated_at), 1 - {{ var('test_share') }}) as cut_at
    from ratings
),

placed_ratings as (
    select
        user_id,
        movie_id,
        rating,
        rated_at,
        {{ hash_share('random') }} < {{ var('test_share') }} as is_random_test,
        {{ hash_share('validation') }} < {{ var('test_share') }} as is_hash_validation,
        -- ratings of the same time are in an order that has nothing to do with them
        row_number() over (
            partition by user_id
            order by rated_at desc, {{ hash_share('order') }}, movie_id
        ) as recency,
        count(*) over (partition by user_id) as user_rating_count
    from ratings
),

counted_ratings as (
    select
        user_id,
        movie_id,
        rating,
        rated_at,
        is_random_test,
        is_hash_validation,
        recency,
        floor(user_rating_count * {{ var('test_share') }}) as last_count,
        floor(
            (user_rating_count - floor(user_rating_count * {{ var('test_share') }}))
            * {{ var('test_share') }}
        ) as validation_count,
        user_rating_count
    from placed_ratings
),

split_ratings as (
    select
        counted_ratings.user_id,
        counted_ratings.movie_id,
        counted_ratings.rating,
        if(counted_ratings.is_random_test, 'test', 'train') as random_split,
        if(counted_ratings.recency <= counted_ratings.last_count, 'test', 'train')
            as temporal_split,
        if(
            counted_ratings.recency = 1 and counted_ratings.user_rating_count > 1,
            'test',
            'train'
        ) as last_out_split,
        if(unix_seconds(counted_ratings.rated_at) > cut.cut_at, 'test', 'train')
            as global_split,
        not counted_ratings.is_random_test and counted_ratings.is_hash_validation
            as is_random_validation,
        counted_ratings.recency > counted_ratings.last_count
        and counted_ratings.recency
        <= counted_ratings.last_count + counted_ratings.validation_count
            as is_temporal_validation,
        counted_ratings.recency = 2 and counted_ratings.user_rating_count > 2
            as is_last_out_validation,
        counted_ratings.rated_at
    from counted_ratings
    cross join cut
)

select * from split_ratings
