with sums as (select * from {{ ref('int_ranking_sums') }}),

weights as (select * from {{ ref('int_bootstrap_weights') }}),

list_quality as (select * from {{ ref('int_list_quality') }}),

replicates as (
    select
        sums.model,
        sums.k,
        sums.segment_kind,
        sums.segment,
        sum(weights.weight * sums.ndcg) / sum(weights.weight * sums.user_count) as ndcg
    from sums
    inner join weights on sums.bucket = weights.bucket
    group by
        sums.model,
        sums.k,
        sums.segment_kind,
        sums.segment,
        weights.replicate
),

intervals as (
    select
        model,
        k,
        segment_kind,
        segment,
        {{ middle_95_percent('ndcg') }} as bounds
    from replicates
    group by model, k, segment_kind, segment
),

means as (
    select
        model,
        k,
        segment_kind,
        segment,
        sum(user_count) as user_count,
        sum(ndcg) / sum(user_count) as ndcg,
        sum(recall) / sum(user_count) as recall,
        sum(precision) / sum(user_count) as precision,
        sum(average_precision) / sum(user_count) as map,
        sum(hit_rate) / sum(user_count) as hit_rate
    from sums
    group by model, k, segment_kind, segment
),

ranking_quality as (
    select
        means.model,
        means.k,
        means.segment_kind,
        means.segment,
        means.user_count,
        means.ndcg,
        intervals.bounds[0] as ndcg_low,
        intervals.bounds[1] as ndcg_high,
        means.recall,
        means.precision,
        means.map,
        means.hit_rate,
        list_quality.coverage,
        list_quality.gini,
        list_quality.novelty,
        list_quality.popularity,
        list_quality.diversity
    from means
    left join intervals
        on
            means.model = intervals.model
            and means.k = intervals.k
            and means.segment_kind = intervals.segment_kind
            and means.segment = intervals.segment
    left join list_quality
        on
            means.model = list_quality.model
            and means.k = list_quality.k
            and means.segment_kind = list_quality.segment_kind
            and means.segment = list_quality.segment
)

select * from ranking_quality
