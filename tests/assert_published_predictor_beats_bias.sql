with leaderboard as (select * from {{ ref('model_leaderboard') }}),

not_better as (
    select
        role,
        model,
        figure,
        gain_low,
        lead_low
    from leaderboard
    where
        role = 'predictor'
        and is_published
        and model != 'bias'
        and judged_count >= 1000
        and gain_low <= 0
)

select * from not_better
