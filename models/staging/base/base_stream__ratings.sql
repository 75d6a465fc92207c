{%- set id_type = var('id_type') -%}

with records as (
    {% if has_stream() == 'true' -%}
        select
            topic,
            partition,
            offset,
            sent_at,
            ingested_at,
            raw_value,
            user_id,
            movie_id,
            rating,
            unix_seconds(rated_at) as rated_at,
            event_id,
            reason as contract_reason
        from {{ source('stream', 'rating_events') }}
        where
            topic = '{{ stream_topic() }}'
            and {{ is_between_offsets({}, pinned_stream()) }}
    {%- else -%}
        select
            '' as topic,
            0 as partition,
            0L as offset,
            timestamp '1970-01-01' as sent_at,
            timestamp '1970-01-01' as ingested_at,
            cast(null as binary) as raw_value,
            '' as user_id,
            '' as movie_id,
            0D as rating,
            0L as rated_at,
            '' as event_id,
            '' as contract_reason
        where false
    {%- endif %}
),

judged_records as (
    select
        topic,
        partition,
        offset,
        sent_at,
        ingested_at,
        raw_value,
        case
            when contract_reason is not null then contract_reason
            {% for name in ['user_id', 'movie_id'] if id_type != 'string' -%}
                when {{ value_reason(name, name, id_type) }} is not null
                    then {{ value_reason(name, name, id_type) }}
            {% endfor -%}
            {{ id_reasons({'user_id': 'user_id', 'movie_id': 'movie_id'}) }}
            {{ rating_reasons() }}
        end as reason,
        try_cast(user_id as {{ id_type }}) as user_id,
        try_cast(movie_id as {{ id_type }}) as movie_id,
        rating,
        rated_at,
        event_id
    from records
),

records_with_times as (
    select
        concat(topic, '/', partition) as source_file,
        topic,
        partition,
        offset,
        sent_at,
        ingested_at,
        reason,
        case when reason is not null then {{ raw_text('raw_value') }} end as line,
        user_id,
        movie_id,
        rating,
        case when reason is null then timestamp_seconds(rated_at) end as rated_at,
        event_id
    from judged_records
)

select * from records_with_times
