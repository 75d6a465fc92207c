with leaderboard as (select * from {{ ref('model_leaderboard') }}),

declared as (select * from {{ ref('declared_models') }}),

predictor as (select * from {{ ref('predictor') }}),

candidates as (select * from {{ ref('top_n_candidates') }}),

published_models as (
    select
        'predictor' as role,
        max(training_sha256) as training_sha256
    from predictor
    union all
    select
        'ranker' as role,
        max(training_sha256) as training_sha256
    from candidates
),

evaluations as (
    select
        published_models.role,
        leaderboard.model is not null as is_evaluated,
        leaderboard.model is not null
        and published_models.training_sha256 is not null
        and not leaderboard.training_sha256
        <=> published_models.training_sha256 as is_stale,
        if(
            not declared.is_baseline
            and leaderboard.judged_count >= case published_models.role
                when 'predictor' then {{ var('min_judged_ratings') }}
                when 'ranker' then {{ var('min_judged_users') }}
            end,
            leaderboard.gain_over_baseline_low,
            null
        ) as gain_low
    from published_models
    left join leaderboard
        on published_models.role = leaderboard.role and leaderboard.is_published
    left join declared
        on leaderboard.role = declared.role and leaderboard.model = declared.model
),

published_quality as (
    select
        -- no predictor needs no evaluation
        count_if(is_evaluated) + {{ 1 if predictor_name() == 'none' else 0 }}
            as evaluated_role_count,
        count_if(is_stale) as stale_evaluation_count,
        max(if(role = 'predictor', gain_low, null)) as predictor_gain_low,
        max(if(role = 'ranker', gain_low, null)) as ranker_gain_low
    from evaluations
)

select * from published_quality
