{%- set id_type = var('id_type') -%}
{%- set schema =
    'user_id string, movie_id string, rating double, rated_at bigint, '
    ~ 'event_id string, received_at string, line bigint'
-%}

with lines as (
    {{ segment_lines(
        'incoming', source('incoming', 'segments'), source('incoming', 'pins'), schema
    ) }}
),

judged_lines as (
    select
        source_file,
        landed_at,
        raw_line as line,
        case
            when _corrupt is not null then 'line is not JSON of a rating'
            {% for name in ['user_id', 'movie_id'] if id_type != 'string' -%}
                when {{ value_reason(name, name, id_type) }} is not null
                    then {{ value_reason(name, name, id_type) }}
            {% endfor -%}
            {{ id_reasons({'user_id': 'user_id', 'movie_id': 'movie_id'}) }}
            {{ rating_reasons() }}
            when line is null then 'no line'
        end as reason,
        try_cast(user_id as {{ id_type }}) as user_id,
        try_cast(movie_id as {{ id_type }}) as movie_id,
        rating,
        rated_at,
        event_id,
        received_at,
        line as line_number
    from lines
),

-- of those that a user has sent again under one event_id, the first counts
ranked_lines as (
    select
        *,
        row_number() over (
            partition by
                reason is null,
                user_id,
                event_id,
                if(event_id is null, source_file, null),
                if(event_id is null, line_number, null)
            order by received_at, source_file, line_number
        ) as event_rank
    from judged_lines
),

lines_with_times as (
    select
        source_file,
        landed_at,
        line,
        reason,
        user_id,
        movie_id,
        rating,
        case when reason is null then timestamp_seconds(rated_at) end as rated_at,
        event_id,
        reason is null and event_rank > 1 as is_repeated,
        received_at,
        line_number
    from ranked_lines
)

select * from lines_with_times
