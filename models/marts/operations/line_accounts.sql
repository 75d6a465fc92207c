with ratings as (select * from {{ ref('stg_movielens__ratings') }}),

movies as (select * from {{ ref('stg_movielens__movies') }}),

tags as (select * from {{ ref('stg_movielens__tags') }}),

links as (select * from {{ ref('stg_movielens__links') }}),

users as (select * from {{ ref('stg_movielens__users') }}),

manifest as (select * from {{ ref('stg_movielens__manifest') }}),

rejected as (select * from {{ ref('rejected_rows') }}),

accepted_lines as (
    select
        'ratings.csv' as source_file,
        count(*) as accepted_count,
        coalesce(sum(line_count), 0) - count(*) as superseded_count
    from ratings
    union all
    select
        'movies.csv' as source_file,
        count(*) as accepted_count,
        coalesce(sum(line_count), 0) - count(*) as superseded_count
    from movies
    union all
    select
        'tags.csv' as source_file,
        count(*) as accepted_count,
        coalesce(sum(line_count), 0) - count(*) as superseded_count
    from tags
    union all
    select
        'links.csv' as source_file,
        count(*) as accepted_count,
        coalesce(sum(line_count), 0) - count(*) as superseded_count
    from links
    union all
    select
        'users.csv' as source_file,
        count(*) as accepted_count,
        coalesce(sum(line_count), 0) - count(*) as superseded_count
    from users
),

rejected_lines as (
    select
        source_file,
        count(*) as rejected_count
    from rejected
    group by source_file
),

line_accounts as (
    select
        manifest.source_file,
        manifest.line_count,
        accepted_lines.accepted_count,
        accepted_lines.superseded_count,
        coalesce(rejected_lines.rejected_count, 0) as rejected_count
    from manifest
    inner join accepted_lines on manifest.source_file = accepted_lines.source_file
    left join rejected_lines on manifest.source_file = rejected_lines.source_file
)

select * from line_accounts
