with lines as (select * from {{ ref('base_movielens__genome_scores') }}),

scores as (
    select
        movie_id,
        tag_id,
        tag,
        max(relevance) as relevance,
        count(*) as line_count
    from lines
    where reason is null
    group by movie_id, tag_id, tag
)

select * from scores
