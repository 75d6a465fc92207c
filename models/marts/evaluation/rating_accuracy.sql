with errors as (select * from {{ ref('int_rating_errors') }}),

weights as (select * from {{ ref('int_bootstrap_weights') }}),

replicates as (
    select
        errors.model,
        errors.segment_kind,
        errors.segment,
        sqrt(
            sum(weights.weight * errors.squared_error)
            / sum(weights.weight * errors.rating_count)
        ) as rmse
    from errors
    inner join weights on errors.bucket = weights.bucket
    group by errors.model, errors.segment_kind, errors.segment, weights.replicate
),

intervals as (
    select
        model,
        segment_kind,
        segment,
        {{ middle_95_percent('rmse') }} as bounds
    from replicates
    group by model, segment_kind, segment
),

totals as (
    select
        model,
        segment_kind,
        segment,
        sqrt(sum(squared_error) / sum(rating_count)) as rmse,
        sum(absolute_error) / sum(rating_count) as mae,
        sum(rating_count) as rating_count,
        sum(cold_rating_count) as cold_rating_count
    from errors
    group by model, segment_kind, segment
),

accuracy as (
    select
        totals.model,
        totals.segment_kind,
        totals.segment,
        totals.rmse,
        intervals.bounds[0] as rmse_low,
        intervals.bounds[1] as rmse_high,
        totals.mae,
        totals.rating_count,
        totals.cold_rating_count
    from totals
    left join intervals
        on
            totals.model = intervals.model
            and totals.segment_kind = intervals.segment_kind
            and totals.segment = intervals.segment
)

select * from accuracy
