{%- set split = var('ranking_split') -%}

with ratings as (select * from {{ ref('int_ratings_split') }}),

ratings_by_side as (
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
        ) as side
    from ratings
),

graded_ratings as (
    select
        side,
        user_id,
        movie_id,
        rating,
        power(
            greatest(rating - {{ var('no_preference') }}, 0)
            / ({{ var('rating_max') }} - {{ var('no_preference') }}),
            1.5
        ) as grade,
        -- ratings of the same time are equally new
        rank() over (partition by side, user_id order by rated_at desc) - 1
            as newer_count,
        count(*) over (partition by side, user_id) as rating_count
    from ratings_by_side
    where {{ "true" if var('evaluate') != 'none' else "side not in ('train', 'test')" }}
),

preferences as (
    select
        side,
        user_id,
        movie_id,
        rating,
        rating >= {{ var('like_threshold') }} as is_like,
        grade,
        grade * greatest(power(0.5, newer_count / (0.3 * rating_count)), 0.1) as weight,
        newer_count,
        rating_count
    from graded_ratings
)

select * from preferences
