with rating_errors as (select * from {{ ref('int_rating_errors') }}),

ranking_sums as (select * from {{ ref('int_ranking_sums') }}),

weights as (select * from {{ ref('int_bootstrap_weights') }}),

predictions as (select * from {{ ref('test_predictions') }}),

rankings as (select * from {{ ref('test_rankings') }}),

totals as (
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
),

replicated_totals as (
    select
        totals.role,
        totals.model,
        weights.replicate,
        sum(weights.weight * totals.total) as total,
        sum(weights.weight * totals.judged_count) as judged_count
    from totals
    inner join weights on totals.bucket = weights.bucket
    group by totals.role, totals.model, weights.replicate
    union all
    -- replicate 0 is the test side as it is
    select
        role,
        model,
        0 as replicate,
        sum(total) as total,
        sum(judged_count) as judged_count
    from totals
    group by role, model
),

figures as (
    select
        role,
        model,
        replicate,
        if(role = 'predictor', sqrt(total / judged_count), total / judged_count)
            as figure,
        judged_count
    from replicated_totals
),

baselines as (
    select
        role,
        replicate,
        figure
    from figures
    where model in ('bias', 'popularity')
),

published as (
    select
        role,
        replicate,
        figure
    from figures
    where
        (role = 'predictor' and model = '{{ var("predictor") }}')
        or (role = 'ranker' and model = '{{ var("ranker") }}')
),

compared_figures as (
    select
        figures.role,
        figures.model,
        figures.replicate,
        figures.figure,
        figures.judged_count,
        -- of errors less is better
        if(
            figures.role = 'predictor',
            baselines.figure - figures.figure,
            figures.figure - baselines.figure
        ) as gain,
        if(
            figures.role = 'predictor',
            published.figure - figures.figure,
            figures.figure - published.figure
        ) as lead
    from figures
    left join baselines
        on
            figures.role = baselines.role
            and figures.replicate = baselines.replicate
    left join published
        on
            figures.role = published.role
            and figures.replicate = published.replicate
),

summaries as (
    select
        role,
        model,
        max(if(replicate = 0, figure, null)) as figure,
        max(if(replicate = 0, judged_count, null)) as judged_count,
        max(if(replicate = 0, gain, null)) as gain,
        max(if(replicate = 0, lead, null)) as lead,
        percentile(if(replicate > 0, figure, null), array(0.025, 0.975)) as bounds,
        percentile(if(replicate > 0, gain, null), array(0.025, 0.975)) as gain_bounds,
        percentile(if(replicate > 0, lead, null), array(0.025, 0.975)) as lead_bounds
    from compared_figures
    group by role, model
),

costs as (
    select
        'predictor' as role,
        model,
        max(fit_seconds) as fit_seconds,
        max(peak_bytes) as peak_bytes
    from predictions
    where split = 'random'
    group by model
    union all
    select
        'ranker' as role,
        model,
        max(fit_seconds) as fit_seconds,
        max(peak_bytes) as peak_bytes
    from rankings
    group by model
),

leaderboard as (
    select
        summaries.role,
        summaries.model,
        if(summaries.role = 'predictor', 'RMSE', 'NDCG@10') as metric,
        summaries.model in ('{{ var("predictor") }}', '{{ var("ranker") }}')
        and summaries.lead = 0 as is_published,
        summaries.figure,
        summaries.bounds[0] as figure_low,
        summaries.bounds[1] as figure_high,
        summaries.gain,
        summaries.gain_bounds[0] as gain_low,
        summaries.gain_bounds[1] as gain_high,
        summaries.lead,
        summaries.lead_bounds[0] as lead_low,
        summaries.lead_bounds[1] as lead_high,
        summaries.judged_count,
        costs.fit_seconds,
        costs.peak_bytes,
        case
            when summaries.model in ('ease', 'blend', 'item_neighbourhood')
                then
                    'item-item parts cover the {{ var("item_item_movies") }} '
                    || 'most popular movies'
        end as note
    from summaries
    left join costs
        on summaries.role = costs.role and summaries.model = costs.model
)

select * from leaderboard
