with scores as (select * from {{ ref('stg_movielens__genome_scores') }}),

ranked_tags as (
    select
        movie_id,
        cast(
            row_number() over (
                partition by movie_id
                order by relevance desc, tag_id asc
            ) as int
        ) as rank,
        tag,
        relevance
    from scores
),

most_relevant_tags as (
    select
        movie_id,
        rank,
        tag,
        relevance
    from ranked_tags
    where rank <= 20
)

select * from most_relevant_tags
