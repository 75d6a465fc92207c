{%- set id_type = var('id_type') -%}
{%- set schema =
    'user_id string, movie_id string, rating double, rated_at bigint, '
    ~ 'received_at string, line bigint, _corrupt string'
-%}

with segments as (
    select
        inline(
            from_json(value, 'files array<struct<file string>>')['files']
        ) as (source_file)
    from {{ of_pin(source('incoming', 'pins')) }}
),

all_lines as (
    select
        _metadata['file_name'] as source_file,
        _metadata['file_modification_time'] as landed_at,
        value as line,
        inline(
            array(
                from_json(
                    value,
                    '{{ schema }}',
                    map(
                        'columnNameOfCorruptRecord', '_corrupt',
                        'allowSingleQuotes', 'false',
                        'allowNonNumericNumbers', 'false'
                    )
                )
            )
        ) as (
            user_id,
            movie_id,
            rating,
            rated_at,
            received_at,
            line_number,
            _corrupt
        )
    from {{ of_pin(source('incoming', 'segments')) }}
),

-- what was closed since the build began is for the next one
lines as (
    select all_lines.*
    from all_lines
    left semi join segments on all_lines.source_file = segments.source_file
),

judged_lines as (
    select
        source_file,
        landed_at,
        line,
        case
            when _corrupt is not null then 'line is not JSON of a rating'
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
        received_at,
        line_number
    from lines
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
        received_at,
        line_number
    from judged_lines
)

select * from lines_with_times
