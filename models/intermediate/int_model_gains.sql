with replicates as (select * from {{ ref('int_model_replicates') }}),

compared_replicates as (
    select
        role,
        model,
        replicate,
        metric_value,
        judged_count,
        max(if({{ is_baseline_model('role', 'model') }}, metric_value, null)) over (
            partition by role, replicate
        ) as baseline_value,
        max(if({{ is_published_model('role', 'model') }}, metric_value, null)) over (
            partition by role, replicate
        ) as published_value
    from replicates
),

model_gains as (
    select
        role,
        model,
        replicate,
        metric_value,
        judged_count,
        -- of an error less is better
        if(
            role = 'predictor',
            baseline_value - metric_value,
            metric_value - baseline_value
        ) as gain_over_baseline,
        if(
            role = 'predictor',
            published_value - metric_value,
            metric_value - published_value
        ) as gain_over_published
    from compared_replicates
)

select * from model_gains
