with user_quality as (select * from {{ ref('int_user_ranking_quality') }}),

user_segments as (select * from {{ ref('int_user_segments') }}),

quality_by_user_segment as (
    select
        user_quality.model,
        user_quality.k,
        user_segments.segment_kind,
        user_segments.segment,
        user_segments.bucket,
        user_quality.ndcg,
        user_quality.recall,
        user_quality.precision,
        user_quality.average_precision,
        user_quality.hit_rate
    from user_quality
    inner join user_segments on user_quality.user_id = user_segments.user_id
    where user_quality.genre = 'all'
),

quality_by_genre as (
    select
        model,
        k,
        'genre' as segment_kind,
        genre as segment,
        {{ bootstrap_bucket('user_id') }} as bucket,
        ndcg,
        recall,
        precision,
        average_precision,
        hit_rate
    from user_quality
    where genre != 'all'
),

segmented_quality as (
    select * from quality_by_user_segment
    union all
    select * from quality_by_genre
),

ranking_sums as (
    select
        model,
        k,
        segment_kind,
        segment,
        bucket,
        count(*) as user_count,
        sum(ndcg) as ndcg,
        sum(recall) as recall,
        sum(precision) as precision,
        sum(average_precision) as average_precision,
        sum(hit_rate) as hit_rate
    from segmented_quality
    group by model, k, segment_kind, segment, bucket
)

select * from ranking_sums
