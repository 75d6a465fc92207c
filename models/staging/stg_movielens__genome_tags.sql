with lines as (select * from {{ ref('base_movielens__genome_tags') }}),

ranked_tags as (
    select
        tag_id,
        tag,
        count(*) over (partition by tag_id) as line_count,
        row_number() over (partition by tag_id order by line) as line_rank
    from lines
    where reason is null
),

tags as (
    select
        tag_id,
        tag,
        line_count
    from ranked_tags
    where line_rank = 1
)

select * from tags
