-- lines = accepted + superseded + rejected, and the manifest counted the same lines.
with lines as (select * from {{ ref('base_movielens__ratings') }}),

ratings as (select * from {{ ref('stg_movielens__ratings') }}),

manifest as (select * from {{ ref('stg_movielens__manifest') }}),

line_counts as (
    select
        count(*) as line_count,
        count_if(reason is not null) as rejected_count,
        count_if(reason is null)
        - count(distinct case when reason is null then struct(user_id, movie_id) end)
            as superseded_count
    from lines
),

accepted_counts as (select count(*) as accepted_count from ratings),

manifest_counts as (
    select line_count as landed_count
    from manifest
    where source_file = 'ratings.csv'
),

lost_lines as (
    select
        line_counts.line_count,
        line_counts.rejected_count,
        line_counts.superseded_count,
        accepted_counts.accepted_count,
        manifest_counts.landed_count
    from line_counts
    cross join accepted_counts
    cross join manifest_counts
    where
        line_counts.line_count != manifest_counts.landed_count
        or line_counts.line_count != (
            accepted_counts.accepted_count
            + line_counts.superseded_count
            + line_counts.rejected_count
        )
)

select * from lost_lines
