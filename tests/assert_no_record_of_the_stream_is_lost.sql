-- Of each partition of the stream: as many records are staged, those that are held back
-- among them, as the table has, up to where it was read. If they are not, because the
-- table was made anew, `dbt build --full-refresh -s stg_stream__records+` stages them
-- again.
{%- set reads_stream = has_stream() == 'true' %}
with staged_records as (select * from {{ ref('stg_stream__records') }}),

staged_counts as (
    select
        partition,
        max(offset) as last_offset,
        count(*) as staged_count
    from staged_records
    where {{ has_stream() }}
    group by partition
),

{% if reads_stream -%}
    events as (
        select * from {{ source('stream', 'rating_events') }}
        where topic = '{{ stream_topic() }}'
    ),

    counts as (
        select
            events.partition,
            staged_counts.staged_count,
            count(distinct events.offset) as record_count
        from events
        inner join staged_counts
            on
                events.partition = staged_counts.partition
                and events.offset <= staged_counts.last_offset
        group by events.partition, staged_counts.staged_count
    ),

{% else -%}
    counts as (
        select
            *,
            staged_count as record_count
        from staged_counts
    ),

{% endif -%}
different_counts as (
    select * from counts
    where record_count != staged_count
)

select * from different_counts
