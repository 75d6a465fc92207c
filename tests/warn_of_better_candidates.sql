{{ config(severity='warn') }}

with leaderboard as (select * from {{ ref('model_leaderboard') }}),

better_candidates as (
    select
        role,
        model,
        metric_value,
        gain_over_published_low
    from leaderboard
    where
        not is_published
        -- what is published already, with the shop's rules
        and model != 'with_rules'
        and gain_over_published_low > 0
)

select * from better_candidates
