with ratings as (select * from {{ ref('base_movielens__ratings') }}),

movies as (select * from {{ ref('base_movielens__movies') }}),

tags as (select * from {{ ref('base_movielens__tags') }}),

links as (select * from {{ ref('base_movielens__links') }}),

users as (select * from {{ ref('base_movielens__users') }}),

rejected_lines as (
    select
        source_file,
        line,
        reason,
        landed_at
    from ratings
    where reason is not null
    union all
    select
        source_file,
        line,
        reason,
        landed_at
    from movies
    where reason is not null
    union all
    select
        source_file,
        line,
        reason,
        landed_at
    from tags
    where reason is not null
    union all
    select
        source_file,
        line,
        reason,
        landed_at
    from links
    where reason is not null
    union all
    select
        source_file,
        line,
        reason,
        landed_at
    from users
    where reason is not null
)

select * from rejected_lines
