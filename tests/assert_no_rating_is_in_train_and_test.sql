-- By sums of hashes, in one pass; counting each rating would sort them all. A rating is
-- once in `int_ratings_split`, so parts that add up to it have none in common.
{%- set split = var('ranking_split') -%}
{%- set parts = [
    ('all', "'all'", 'true'),
    ('fit and validation', "'fit', 'validation'", split ~ "_split = 'train'"),
] -%}
{%- if var('evaluate') != 'none' -%}
    {%- for part in ["'train'", "'test'"] -%}
        {%- do parts.append((part[1:-1], part, split ~ '_split = ' ~ part)) -%}
    {%- endfor -%}
{%- endif %}

with ratings as (select * from {{ ref('int_ratings_split') }}),

preferences as (select * from {{ ref('int_preferences') }}),

hashed_ratings as (
    select
        {{ split }}_split,
        cast(xxhash64(user_id, movie_id) as decimal(38)) as rating_hash
    from ratings
),

hashed_preferences as (
    select
        subset,
        cast(xxhash64(user_id, movie_id) as decimal(38)) as rating_hash
    from preferences
),

sums as (
    {% for part, subsets, condition in parts -%}
        select
            '{{ part }}' as part,
            'int_ratings_split' as model_name,
            count(*) as rating_count,
            coalesce(sum(rating_hash), 0) as hash_sum
        from hashed_ratings
        where {{ condition }}
        union all
        select
            '{{ part }}' as part,
            'int_preferences' as model_name,
            count(*) as rating_count,
            coalesce(sum(rating_hash), 0) as hash_sum
        from hashed_preferences
        where subset in ({{ subsets }})
        {{ 'union all' if not loop.last }}
    {% endfor -%}
),

differences as (
    select
        part,
        collect_list(concat(model_name, ': ', rating_count)) as rating_counts
    from sums
    group by part
    having count(distinct rating_count, hash_sum) > 1
)

select * from differences
