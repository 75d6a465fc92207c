with sums as (select * from {{ ref('int_cold_movie_sums') }}),

weights as (select * from {{ ref('int_bootstrap_weights') }}),

all_weights as (
    select
        bucket,
        replicate,
        weight
    from weights
    union all
    -- replicate 0 is the users as they are
    select distinct
        bucket,
        0 as replicate,
        1 as weight
    from sums
),

replicates as (
    select
        sums.model,
        sums.ranked_among,
        sums.segment_kind,
        sums.segment,
        sums.k,
        all_weights.replicate,
        sum(all_weights.weight * sums.user_count) as user_count,
        sum(all_weights.weight * sums.list_count) as list_count,
        sum(all_weights.weight * sums.relevant_count) as relevant_count,
        sum(all_weights.weight * sums.ndcg)
        / sum(all_weights.weight * sums.list_count) as ndcg,
        sum(all_weights.weight * sums.recall)
        / sum(all_weights.weight * sums.list_count) as recall,
        sum(all_weights.weight * sums.hit_rate)
        / sum(all_weights.weight * sums.list_count) as hit_rate,
        try_divide(
            sum(all_weights.weight * sums.auc),
            sum(all_weights.weight * sums.auc_count)
        ) as auc
    from sums
    inner join all_weights on sums.bucket = all_weights.bucket
    group by
        sums.model,
        sums.ranked_among,
        sums.segment_kind,
        sums.segment,
        sums.k,
        all_weights.replicate
),

metrics as (
    select
        model,
        ranked_among,
        segment_kind,
        segment,
        replicate,
        user_count,
        list_count,
        relevant_count,
        explode(
            concat(
                array(
                    struct(concat('NDCG@', k) as metric, ndcg as metric_value),
                    struct(concat('recall@', k) as metric, recall as metric_value),
                    struct(
                        concat('hit rate@', k) as metric, hit_rate as metric_value
                    )
                ),
                -- the same for every cut-off
                if(
                    k = 10,
                    array(struct('AUC' as metric, auc as metric_value)),
                    array()
                )
            )
        ) as entry
    from replicates
),

compared_metrics as (
    select
        model,
        ranked_among,
        segment_kind,
        segment,
        replicate,
        user_count,
        list_count,
        relevant_count,
        entry['metric'] as metric,
        entry['metric_value'] as metric_value,
        map_from_entries(
            collect_list(struct(model, entry['metric_value'])) over (
                partition by
                    ranked_among,
                    segment_kind,
                    segment,
                    replicate,
                    entry['metric']
            )
        ) as values_by_model
    from metrics
),

cold_movie_gains as (
    select
        model,
        ranked_among,
        segment_kind,
        segment,
        replicate,
        user_count,
        list_count,
        relevant_count,
        metric,
        metric_value,
        metric_value - values_by_model['random'] as gain_over_random,
        metric_value - values_by_model['genre_popularity']
            as gain_over_genre_popularity,
        metric_value - values_by_model['taste_popularity']
            as gain_over_taste_popularity
    from compared_metrics
)

select * from cold_movie_gains
