with preferences as (select * from {{ ref('int_preferences') }}),

sides as (
    select
        user_id,
        movie_id,
        count_if(side = 'train') as train_count,
        count_if(side = 'test') as test_count,
        count_if(side = 'fit') as fit_count,
        count_if(side = 'validation') as validation_count
    from preferences
    group by user_id, movie_id
),

leaks as (
    select *
    from sides
    where
        train_count + test_count > 1
        or fit_count + validation_count > 1
        or fit_count + validation_count + test_count > 1
)

select * from leaks
