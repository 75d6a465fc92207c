{%- set split = var('ranking_split') -%}
{%- set subsets = [
    ('all', 'all', 'true'),
    ('fit', 'part', split ~ "_split = 'train' and not is_" ~ split ~ '_validation'),
    ('validation', 'part', 'is_' ~ split ~ '_validation'),
] -%}
{%- if var('evaluate') != 'none' -%}
    {%- do subsets.append(('train', 'split', split ~ "_split = 'train'")) -%}
    {%- do subsets.append(('test', 'split', split ~ "_split = 'test'")) -%}
{%- endif -%}

with ratings as (select * from {{ ref('int_ratings_split') }}),

-- who reads one subset reads the ratings once: the others are left out of the plan
ratings_by_subset as (
    {% for subset, place, condition in subsets -%}
        select
            '{{ subset }}' as subset,
            user_id,
            movie_id,
            rating,
            newer_in_{{ place }} as newer_count,
            count_in_{{ place }} as rating_count
        from ratings
        where {{ condition }}
        {{ 'union all' if not loop.last }}
    {% endfor -%}
),

graded_ratings as (
    select
        subset,
        user_id,
        movie_id,
        rating,
        {{ preference('rating') }} as preference,
        newer_count,
        rating_count
    from ratings_by_subset
),

preferences as (
    select
        subset,
        user_id,
        movie_id,
        rating,
        {{ is_like('rating') }} as is_like,
        preference,
        preference * {{ recency('newer_count', 'rating_count') }} as weight,
        newer_count,
        rating_count
    from graded_ratings
)

select * from preferences
