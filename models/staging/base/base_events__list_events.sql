{%- set id_type = var('id_type') -%}
{%- set schema =
    'event string, movie_id string, rank int, request_id string, version string, '
    ~ 'user_id string, at bigint, received_at string, line bigint'
-%}

with lines as (
    {{ segment_lines(
        'events', source('events', 'segments'), source('events', 'pins'), schema
    ) }}
),

judged_lines as (
    select
        source_file,
        landed_at,
        raw_line as line,
        case
            when _corrupt is not null then 'line is not JSON of an event'
            when event is null or event not in ('clicked', 'dismissed')
                then concat("event '", left(coalesce(event, ''), 40), "' is not known")
            {% for name in ['user_id', 'movie_id'] if id_type != 'string' -%}
                when {{ value_reason(name, name, id_type) }} is not null
                    then {{ value_reason(name, name, id_type) }}
            {% endfor -%}
            when movie_id is null then 'no movie_id'
            when request_id is null and (version is null or user_id is null)
                then 'no request_id, nor a version and a user_id'
            when at is null then 'no time'
            when {{ is_implausible_time('at') }}
                then concat('time ', at, ' is outside 1970 to 2099 in seconds')
            when line is null then 'no line'
        end as reason,
        event,
        try_cast(movie_id as {{ id_type }}) as movie_id,
        rank,
        request_id,
        version,
        try_cast(user_id as {{ id_type }}) as user_id,
        at,
        received_at,
        line as line_number
    from lines
),

lines_with_times as (
    select
        source_file,
        landed_at,
        line,
        reason,
        event,
        movie_id,
        rank,
        request_id,
        version,
        user_id,
        case when reason is null then timestamp_seconds(at) end as happened_at,
        received_at,
        line_number
    from judged_lines
)

select * from lines_with_times
