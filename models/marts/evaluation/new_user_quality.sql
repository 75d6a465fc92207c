with replicates as (select * from {{ ref('int_new_user_gains') }}),

intervals as (
    select
        role,
        model,
        uses_demographics,
        shown_ratings,
        segment_kind,
        segment,
        max(if(replicate = 0, user_count, null)) as user_count,
        max(if(replicate = 0, judged_count, null)) as judged_count,
        max(if(replicate = 0, metric_value, null)) as metric_value,
        {{ middle_95_percent('if(replicate > 0, metric_value, null)') }}
            as metric_bounds,
        max(if(replicate = 0, gain_over_baseline, null)) as gain_over_baseline,
        {{ middle_95_percent('if(replicate > 0, gain_over_baseline, null)') }}
            as baseline_bounds,
        max(if(replicate = 0, gain_of_demographics, null)) as gain_of_demographics,
        {{ middle_95_percent('if(replicate > 0, gain_of_demographics, null)') }}
            as demographics_bounds
    from replicates
    group by
        role,
        model,
        uses_demographics,
        shown_ratings,
        segment_kind,
        segment
),

new_user_quality as (
    select
        role,
        model,
        uses_demographics,
        shown_ratings,
        segment_kind,
        segment,
        if(role = 'predictor', 'RMSE', 'NDCG@10') as metric,
        metric_value,
        metric_bounds[0] as metric_value_low,
        metric_bounds[1] as metric_value_high,
        gain_over_baseline,
        baseline_bounds[0] as gain_over_baseline_low,
        baseline_bounds[1] as gain_over_baseline_high,
        gain_of_demographics,
        demographics_bounds[0] as gain_of_demographics_low,
        demographics_bounds[1] as gain_of_demographics_high,
        user_count,
        judged_count
    from intervals
    where
        segment_kind = 'all'
        or user_count >= {{ var('new_user_segment_min') }}
)

select * from new_user_quality
