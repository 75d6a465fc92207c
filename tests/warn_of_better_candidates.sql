{{ config(severity='warn') }}

with leaderboard as (select * from {{ ref('model_leaderboard') }}),

better_candidates as (
    select
        role,
        model,
        figure,
        gain_low,
        lead_low
    from leaderboard
    where not is_published and lead_low > 0
)

select * from better_candidates
