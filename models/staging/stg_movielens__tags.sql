with lines as (select * from {{ ref('base_movielens__tags') }}),

tags as (
    select
        user_id,
        movie_id,
        tag,
        tagged_at,
        count(*) as line_count
    from lines
    where reason is null
    group by user_id, movie_id, tag, tagged_at
)

select * from tags
