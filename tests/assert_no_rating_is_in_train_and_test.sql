with preferences as (select * from {{ ref('int_preferences') }}),

ratings as (
    select
        user_id,
        movie_id,
        count_if(subset = 'train') as train_count,
        count_if(subset = 'test') as test_count,
        count_if(subset = 'fit') as fit_count,
        count_if(subset = 'validation') as validation_count
    from preferences
    group by user_id, movie_id
),

leaks as (
    select *
    from ratings
    where
        train_count + test_count > 1
        or fit_count + validation_count > 1
        or fit_count + validation_count + test_count > 1
)

select * from leaks
