with replicates as (select * from {{ ref('int_model_replicates') }}),

declared as (select * from {{ ref('declared_models') }}),

compared_replicates as (
    select
        replicates.role,
        replicates.model,
        replicates.replicate,
        replicates.metric_value,
        replicates.judged_count,
        max(if(declared.is_baseline, replicates.metric_value, null)) over (
            partition by replicates.role, replicates.replicate
        ) as baseline_value,
        max(
            if(
                {{ is_published_model('replicates.role', 'replicates.model') }},
                replicates.metric_value,
                null
            )
        ) over (
            partition by replicates.role, replicates.replicate
        ) as published_value
    from replicates
    left join declared
        on
            replicates.role = declared.role
            and replicates.model = declared.model
),

model_gains as (
    select
        role,
        model,
        replicate,
        metric_value,
        judged_count,
        {{ gain_over('baseline_value') }} as gain_over_baseline,
        {{ gain_over('published_value') }} as gain_over_published
    from compared_replicates
)

select * from model_gains
