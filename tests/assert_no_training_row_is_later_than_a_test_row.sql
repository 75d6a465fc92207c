-- In the temporal split nothing learnt from a user came after what is tested.
with ratings as (select * from {{ ref('int_ratings_split') }}),

split_times as (
    select
        user_id,
        max(case when temporal_split = 'train' then rated_at end) as last_train_at,
        min(case when temporal_split = 'test' then rated_at end) as first_test_at
    from ratings
    group by user_id
),

leaks as (
    select *
    from split_times
    where last_train_at > first_test_at
)

select * from leaks
