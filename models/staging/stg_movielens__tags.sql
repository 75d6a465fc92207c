with lines as (select * from {{ ref('base_movielens__tags') }}),

tags as (
    select distinct
        user_id,
        movie_id,
        tag,
        tagged_at
    from lines
    where reason is null
)

select * from tags
