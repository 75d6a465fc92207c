{%- set split = var('ranking_split') -%}

with ratings as (select * from {{ ref('int_ratings') }}),

-- the last time before the global cut: its day first, so that memory holds no more
-- times than days, or than seconds of a day
days as (
    select
        date(rated_at) as rated_on,
        sum(count(*)) over (order by date(rated_at)) - count(*) as earlier_count,
        floor((sum(count(*)) over () - 1) * (1 - {{ var('test_share') }})) as cut_place
    from ratings
    group by date(rated_at)
),

cut_day as (
    select
        max(rated_on) as rated_on,
        max(earlier_count) as earlier_count,
        max(cut_place) as cut_place
    from days
    where earlier_count <= cut_place
),

times_of_cut_day as (
    select
        ratings.rated_at,
        cut_day.earlier_count
        + sum(count(*)) over (order by ratings.rated_at)
        - count(*) as earlier_count,
        cut_day.cut_place
    from ratings
    inner join cut_day on date(ratings.rated_at) = cut_day.rated_on
    group by ratings.rated_at, cut_day.earlier_count, cut_day.cut_place
),

cut as (
    select max(rated_at) as cut_at
    from times_of_cut_day
    where earlier_count <= cut_place
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
        -- while ratings of the same time are equally new to a ranker
        rank() over (partition by user_id order by rated_at desc) - 1 as newer_in_all,
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
        newer_in_all,
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
        if(counted_ratings.rated_at > cut.cut_at, 'test', 'train')
            as global_split,
        not counted_ratings.is_random_test and counted_ratings.is_hash_validation
            as is_random_validation,
        counted_ratings.recency > counted_ratings.last_count
        and counted_ratings.recency
        <= counted_ratings.last_count + counted_ratings.validation_count
            as is_temporal_validation,
        counted_ratings.recency = 2 and counted_ratings.user_rating_count > 2
            as is_last_out_validation,
        counted_ratings.rated_at,
        counted_ratings.newer_in_all,
        counted_ratings.user_rating_count as count_in_all
    from counted_ratings
    cross join cut
),

ordered_ratings as (
    select
        user_id,
        movie_id,
        rating,
        random_split,
        temporal_split,
        last_out_split,
        global_split,
        is_random_validation,
        is_temporal_validation,
        is_last_out_validation,
        rated_at,
        newer_in_all,
        count_in_all,
        rank() over (
            partition by user_id, {{ split }}_split
            order by rated_at desc
        ) - 1 as newer_in_split,
        count(*) over (partition by user_id, {{ split }}_split) as count_in_split,
        rank() over (
            partition by user_id, {{ split }}_split, is_{{ split }}_validation
            order by rated_at desc
        ) - 1 as newer_in_part,
        count(*) over (
            partition by user_id, {{ split }}_split, is_{{ split }}_validation
        ) as count_in_part
    from split_ratings
)

select * from ordered_ratings
