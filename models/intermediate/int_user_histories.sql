with users as (select * from {{ ref('dim_users') }}),

preferences as (select * from {{ ref('int_preferences') }}),

collected_histories as (
    select
        side,
        user_id,
        array_sort(
            collect_list(struct(movie_id, rating, grade, newer_count))
        ) as entries
    from preferences
    where side in ('all', 'train')
    group by side, user_id
),

user_histories as (
    select
        side,
        user_id,
        transform(entries, entry -> entry.movie_id) as movie_ids,
        transform(entries, entry -> entry.rating) as ratings,
        transform(entries, entry -> entry.grade) as grades,
        transform(entries, entry -> entry.newer_count) as newer_counts
    from collected_histories
),

empty_histories as (
    select
        'all' as side,
        user_id,
        cast(array() as array<int>) as movie_ids,
        cast(array() as array<double>) as ratings,
        cast(array() as array<double>) as grades,
        cast(array() as array<int>) as newer_counts
    from users
    where rating_count = 0
),

all_histories as (
    select
        side,
        user_id,
        movie_ids,
        ratings,
        grades,
        newer_counts
    from user_histories
    union all
    select
        side,
        user_id,
        movie_ids,
        ratings,
        grades,
        newer_counts
    from empty_histories
)

select * from all_histories
