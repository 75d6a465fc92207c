with segments as (
    {{ listed_segments('shown', source('shown', 'pins')) }}
    union all
    {{ listed_segments('events', source('events', 'pins')) }}
),

lists as (select * from {{ ref('base_shown__lists') }}),

list_events as (select * from {{ ref('base_events__list_events') }}),

judged_lines as (
    select
        source_file,
        reason is not null as is_rejected,
        row_number() over (
            partition by request_id, reason is null
            order by received_at, source_file, line_number
        ) > 1 as is_repeated
    from lists
    union all
    select
        source_file,
        reason is not null as is_rejected,
        false as is_repeated
    from list_events
),

counted_lines as (
    select
        source_file,
        count_if(is_rejected) as rejected_count,
        count_if(is_repeated and not is_rejected) as repeated_count,
        count_if(not is_repeated and not is_rejected) as kept_count
    from judged_lines
    group by source_file
),

counted_segments as (
    select
        segments.kind,
        segments.source_file,
        segments.line_count,
        segments.byte_count,
        segments.sha256,
        coalesce(counted_lines.rejected_count, 0) as rejected_count,
        coalesce(counted_lines.repeated_count, 0) as repeated_count,
        coalesce(counted_lines.kept_count, 0) as kept_count
    from segments
    left join counted_lines on segments.source_file = counted_lines.source_file
)

select * from counted_segments
