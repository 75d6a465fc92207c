{%- set split = var('ranking_split') -%}

with ratings as (select * from {{ ref('int_ratings_split') }}),

ratings_by_subset as (
    select
        user_id,
        movie_id,
        rating,
        rated_at,
        explode(
            array_compact(
                array(
                    'all',
                    {{ split }}_split,
                    case
                        when is_{{ split }}_validation then 'validation'
                        when {{ split }}_split = 'train' then 'fit'
                    end
                )
            )
        ) as subset
    from ratings
),

ordered_ratings as (
    select
        subset,
        user_id,
        movie_id,
        rating,
        {{ preference('rating') }} as preference,
        -- ratings of the same time are equally new
        rank() over (partition by subset, user_id order by rated_at desc) - 1
            as newer_count,
        count(*) over (partition by subset, user_id) as rating_count
    from ratings_by_subset
    where
        {{ "true" if var('evaluate') != 'none' else "subset not in ('train', 'test')" }}
),

preferences as (
    select
        subset,
        user_id,
        movie_id,
        rating,
        rating >= {{ var('like_threshold') }} as is_like,
        preference,
        preference * {{ recency('newer_count', 'rating_count') }} as weight,
        newer_count,
        rating_count
    from ordered_ratings
)

select * from preferences
