-- Of each landing file and segment: lines = accepted + superseded + rejected + held.
with line_reconciliation as (select * from {{ ref('line_reconciliation') }}),

lost_lines as (
    select
        source_file,
        line_count,
        accepted_count,
        superseded_count,
        rejected_count,
        held_count
    from line_reconciliation
    where
        line_count
        != accepted_count + superseded_count + rejected_count + held_count
)

select * from lost_lines
