with predictions as (select * from {{ ref('test_predictions') }}),

segmented_predictions as (
    select
        model,
        explode(array('all', if(is_cold, 'cold', 'warm'))) as segment,
        is_cold,
        predicted_rating - rating as error
    from predictions
),

accuracy as (
    select
        model,
        segment,
        sqrt(avg(error * error)) as rmse,
        avg(abs(error)) as mae,
        count(*) as rating_count,
        count_if(is_cold) as cold_rating_count
    from segmented_predictions
    group by model, segment
)

select * from accuracy
