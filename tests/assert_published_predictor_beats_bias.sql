with leaderboard as (select * from {{ ref('model_leaderboard') }}),

not_better as (
    select
        role,
        model,
        metric_value,
        gain_over_baseline_low
    from leaderboard
    where
        role = 'predictor'
        and is_published
        and model != 'bias'
        and judged_count >= {{ var('min_judged_ratings') }}
        and gain_over_baseline_low <= 0
)

select * from not_better
