with replicates as (select * from {{ ref('int_model_gains') }}),

predictions as (select * from {{ ref('holdout_predictions') }}),

rankings as (select * from {{ ref('holdout_rankings') }}),

declared as (select * from {{ ref('declared_models') }}),

models as (
    select
        role,
        model,
        max(if(replicate = 0, metric_value, null)) as metric_value,
        {{ middle_95_percent('if(replicate > 0, metric_value, null)') }}
            as metric_bounds,
        max(if(replicate = 0, gain_over_baseline, null)) as gain_over_baseline,
        {{ middle_95_percent('if(replicate > 0, gain_over_baseline, null)') }}
            as baseline_bounds,
        max(if(replicate = 0, gain_over_published, null)) as gain_over_published,
        {{ middle_95_percent('if(replicate > 0, gain_over_published, null)') }}
            as published_bounds,
        max(if(replicate = 0, judged_count, null)) as judged_count
    from replicates
    group by role, model
),

costs as (
    select
        'predictor' as role,
        model,
        max(fit_seconds) as fit_seconds,
        max(peak_bytes) as peak_bytes,
        max(learnt_ratings) as learnt_ratings,
        max(training_sha256) as training_sha256
    from predictions
    where split = 'random'
    group by model
    union all
    select
        'ranker' as role,
        model,
        max(fit_seconds) as fit_seconds,
        max(peak_bytes) as peak_bytes,
        max(learnt_ratings) as learnt_ratings,
        max(training_sha256) as training_sha256
    from rankings
    group by model
),

leaderboard as (
    select
        models.role,
        models.model,
        if(models.role = 'predictor', 'RMSE', 'NDCG@10') as metric,
        {{ is_published_model('models.role', 'models.model') }} as is_published,
        models.metric_value,
        models.metric_bounds[0] as metric_value_low,
        models.metric_bounds[1] as metric_value_high,
        models.gain_over_baseline,
        models.baseline_bounds[0] as gain_over_baseline_low,
        models.baseline_bounds[1] as gain_over_baseline_high,
        models.gain_over_published,
        models.published_bounds[0] as gain_over_published_low,
        models.published_bounds[1] as gain_over_published_high,
        models.judged_count,
        costs.fit_seconds,
        costs.peak_bytes,
        costs.learnt_ratings,
        costs.training_sha256,
        declared.note
    from models
    left join costs
        on models.role = costs.role and models.model = costs.model
    left join declared
        on models.role = declared.role and models.model = declared.model
)

select * from leaderboard
