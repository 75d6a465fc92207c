with segments as (select * from {{ ref('stg_service__log_lines') }}),

list_events as (select * from {{ ref('int_list_events') }}),

events_by_segment as (
    select
        source_file,
        count_if(outcome = 'counted') as counted_count,
        count_if(outcome = 'repeated') as repeated_count,
        count_if(outcome = 'never shown') as never_shown_count
    from list_events
    group by source_file
),

reconciliation as (
    select
        segments.kind,
        segments.source_file,
        segments.line_count,
        if(
            segments.kind = 'shown',
            segments.kept_count,
            coalesce(events_by_segment.counted_count, 0)
        ) as counted_count,
        segments.repeated_count
        + coalesce(events_by_segment.repeated_count, 0) as repeated_count,
        coalesce(events_by_segment.never_shown_count, 0) as never_shown_count,
        segments.rejected_count
    from segments
    left join events_by_segment
        on segments.source_file = events_by_segment.source_file
)

select * from reconciliation
