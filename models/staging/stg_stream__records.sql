{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        pre_hook="{{ delete_other_records() }}"
    )
}}
{%- set goes_on = is_incremental() and has_stream() == 'true' %}

with records as (
    select * from {{ ref('base_stream__ratings') }}
    where {{ is_between_offsets(staged_offsets(), pinned_stream()) }}
),

-- a table that was written to twice may have a record again
numbered_records as (
    select
        *,
        row_number() over (
            partition by partition, offset order by ingested_at
        ) as record_copy
    from records
),

ranked_records as (
    select
        *,
        row_number() over (
            partition by
                reason is null,
                user_id,
                event_id,
                if(event_id is null, partition, null),
                if(event_id is null, offset, null)
            order by ingested_at, partition, offset
        ) as event_rank
    from numbered_records
    where record_copy = 1
),

{% if goes_on -%}
    staged_records as (select * from {{ this }}),

    known_events as (
        select
            staged_records.user_id,
            staged_records.event_id
        from staged_records
        left semi join
            records
            on
                staged_records.user_id = records.user_id
                and staged_records.event_id = records.event_id
        where staged_records.reason is null and not staged_records.is_repeated
    ),

{% endif -%}
records_that_count as (
    select
        ranked_records.source_file,
        ranked_records.topic,
        ranked_records.partition,
        ranked_records.offset,
        ranked_records.event_id,
        ranked_records.user_id,
        ranked_records.movie_id,
        ranked_records.line,
        ranked_records.reason,
        ranked_records.rating,
        ranked_records.reason is null
        and (
            ranked_records.event_rank > 1{{
                ' or known_events.event_id is not null' if goes_on
            }}
        ) as is_repeated,
        ranked_records.rated_at,
        ranked_records.sent_at,
        ranked_records.ingested_at,
        '{{ judged_as() }}' as judged_as
    from ranked_records
    {% if goes_on -%}
        left join
            known_events
            on
                ranked_records.user_id = known_events.user_id
                and ranked_records.event_id = known_events.event_id
    {%- endif %}
)

select * from records_that_count
