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
        role = 'ranker'
        and is_published
        and model != 'popularity'
        and judged_count >= 100
        and gain_low <= 0
)

select * from not_better
