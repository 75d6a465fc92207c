-- Of each landing file: lines = accepted + superseded + rejected.
with line_accounts as (select * from {{ ref('line_accounts') }}),

lost_lines as (
    select
        source_file,
        line_count,
        accepted_count,
        superseded_count,
        rejected_count
    from line_accounts
    where line_count != accepted_count + superseded_count + rejected_count
)

select * from lost_lines
