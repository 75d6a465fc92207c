with users as (select * from {{ ref('int_users') }}),

preferences as (select * from {{ ref('int_preferences') }}),
{% if var('rules') %}
    rules as (select * from {{ ref('int_rule_users') }}),
{% endif %}
collected_histories as (
    select
        subset,
        user_id,
        array_sort(
            collect_list(struct(movie_id, rating, preference, newer_count))
        ) as entries
    from preferences
    where subset in ('all', 'train')
    group by subset, user_id
),

histories as (
    select
        subset,
        user_id,
        transform(entries, entry -> entry.movie_id) as movie_ids,
        transform(entries, entry -> entry.rating) as ratings,
        transform(entries, entry -> entry.preference) as preferences,
        transform(entries, entry -> entry.newer_count) as newer_counts
    from collected_histories
),

empty_histories as (
    select
        'all' as subset,
        user_id,
        cast(array() as array<int>) as movie_ids,
        cast(array() as array<double>) as ratings,
        cast(array() as array<double>) as preferences,
        cast(array() as array<int>) as newer_counts
    from users
    where rating_count = 0
),

all_histories as (
    select * from histories
    union all
    select * from empty_histories
),

user_histories as (
    select
        all_histories.subset,
        all_histories.user_id,
        all_histories.movie_ids,
        all_histories.ratings,
        all_histories.preferences,
        all_histories.newer_counts,
        {% if var('rules') -%}
            rules.rule_lines,
            -- what was shown later than the training ratings says nothing of them
            if(
                all_histories.subset = 'all',
                rules.held_back_movie_ids,
                cast(array() as array<int>)
            ) as held_back_movie_ids
        {%- else -%}
            cast(array() as array<int>) as rule_lines,
            cast(array() as array<int>) as held_back_movie_ids
        {%- endif %}
    from all_histories
    {% if var('rules') -%}
        inner join rules on all_histories.user_id = rules.user_id
    {%- endif %}
)

select * from user_histories
