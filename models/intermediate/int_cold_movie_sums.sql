with judged as (select * from {{ ref('simulated_cold_movies') }}),

movies as (select * from {{ ref('int_cold_movies') }}),

ranks as (
    select
        model,
        fold,
        user_id,
        movie_id,
        explode(
            array(
                struct('all' as among, all_rank as rank, all_count as movie_count),
                struct('cold' as among, cold_rank as rank, cold_count as movie_count)
            )
        ) as entry
    from judged
),

targets as (
    select
        model,
        fold,
        user_id,
        movie_id,
        entry['among'] as ranked_among,
        entry['rank'] as rank,
        entry['movie_count'] as movie_count,
        row_number() over (
            partition by model, fold, user_id, entry['among']
            order by entry['rank']
        ) as hit_number,
        count(*) over (
            partition by model, fold, user_id, entry['among']
        ) as relevant_count
    from ranks
),

targets_by_segment as (
    select
        targets.model,
        targets.fold,
        targets.user_id,
        targets.ranked_among,
        targets.rank,
        -- of the movies that are not liked, those behind
        1 - try_divide(
            targets.rank - targets.hit_number,
            targets.movie_count - targets.relevant_count
        ) as share_behind,
        explode(
            concat(
                array(struct('all' as kind, 'all' as segment)),
                transform(
                    movies.genres, genre -> struct('genre' as kind, genre as segment)
                ),
                if(
                    movies.decade is null,
                    array(),
                    array(
                        struct(
                            'decade' as kind, concat(movies.decade, 's') as segment
                        )
                    )
                )
            )
        ) as entry
    from targets
    inner join movies on targets.movie_id = movies.movie_id
),

lists as (
    select
        model,
        fold,
        user_id,
        ranked_among,
        entry['kind'] as segment_kind,
        entry['segment'] as segment,
        collect_list(rank) as ranks,
        avg(share_behind) as auc
    from targets_by_segment
    group by
        model,
        fold,
        user_id,
        ranked_among,
        entry['kind'],
        entry['segment']
),

lists_by_cut_off as (
    select
        model,
        user_id,
        ranked_among,
        segment_kind,
        segment,
        ranks,
        auc,
        size(ranks) as relevant_count,
        explode(
            filter({{ cut_offs() }}, k -> segment_kind = 'all' or k = 10)
        ) as k
    from lists
),

list_quality as (
    select
        model,
        user_id,
        ranked_among,
        segment_kind,
        segment,
        k,
        relevant_count,
        auc,
        aggregate(
            filter(ranks, rank -> rank <= k),
            cast(0 as double),
            (total, rank) -> total + 1 / log2(rank + 1)
        ) / {{ ideal_dcg('least(k, relevant_count)') }} as ndcg,
        size(filter(ranks, rank -> rank <= k)) / relevant_count as recall,
        if(array_min(ranks) <= k, 1, 0) as hit_rate
    from lists_by_cut_off
),

cold_movie_sums as (
    select
        model,
        ranked_among,
        segment_kind,
        segment,
        k,
        {{ bootstrap_bucket('user_id') }} as bucket,
        count(distinct user_id) as user_count,
        count(*) as list_count,
        sum(relevant_count) as relevant_count,
        sum(ndcg) as ndcg,
        sum(recall) as recall,
        sum(hit_rate) as hit_rate,
        coalesce(sum(auc), 0) as auc,
        count(auc) as auc_count
    from list_quality
    group by
        model,
        ranked_among,
        segment_kind,
        segment,
        k,
        {{ bootstrap_bucket('user_id') }}
)

select * from cold_movie_sums
