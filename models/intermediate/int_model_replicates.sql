with rating_errors as (select * from {{ ref('int_rating_errors') }}),

ranking_sums as (select * from {{ ref('int_ranking_sums') }}),

retraining_sums as (select * from {{ ref('int_retraining_sums') }}),

weights as (select * from {{ ref('int_bootstrap_weights') }}),

bucket_totals as (
    select
        'predictor' as role,
        model,
        bucket,
        squared_error as total,
        rating_count as judged_count
    from rating_errors
    where segment_kind = 'all'
    union all
    select
        'ranker' as role,
        model,
        bucket,
        ndcg as total,
        user_count as judged_count
    from ranking_sums
    where segment_kind = 'all' and k = 10
    union all
    select
        'new_users' as role,
        -- its name on the leaderboard
        way,
        bucket,
        ndcg as total,
        user_count as judged_count
    from retraining_sums
),

totals as (
    select
        bucket_totals.role,
        bucket_totals.model,
        weights.replicate,
        sum(weights.weight * bucket_totals.total) as total,
        sum(weights.weight * bucket_totals.judged_count) as judged_count
    from bucket_totals
    inner join weights on bucket_totals.bucket = weights.bucket
    group by bucket_totals.role, bucket_totals.model, weights.replicate
    union all
    -- replicate 0 is the test set as it is
    select
        role,
        model,
        0 as replicate,
        sum(total) as total,
        sum(judged_count) as judged_count
    from bucket_totals
    group by role, model
),

model_replicates as (
    select
        role,
        model,
        replicate,
        {{ metric_of_sums('total', 'judged_count') }} as metric_value,
        judged_count
    from totals
)

select * from model_replicates
