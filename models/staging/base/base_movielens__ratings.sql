{%- set is_implicit = var('feedback') == 'implicit' -%}
{%- set id_type = var('id_type') -%}
{%- set header =
    'userId,movieId,' ~ ('event' if is_implicit else 'rating') ~ ',timestamp'
-%}
{%- set schema =
    'user_id ' ~ id_type ~ ', movie_id ' ~ id_type ~ ', '
    ~ ('event string' if is_implicit else 'rating double') ~ ', rated_at bigint'
-%}

with lines as (
    {{ csv_lines(source('movielens', 'ratings'), header, schema, with_version=true) }}
),

rated_lines as (
    select
        source_file,
        landed_at,
        file_version,
        line,
        _corrupt,
        user_id,
        movie_id,
        {{ 'event' if is_implicit else 'null' }} as event,
        {{ event_weight('event') ~ ' as rating' if is_implicit else 'rating' }},
        rated_at
    from lines
),

judged_lines as (
    select
        source_file,
        landed_at,
        file_version,
        line,
        case
            when _corrupt is not null
                then {{ misfit_reason('line', header, schema) }}
            {{ id_reasons({'user_id': 'userId', 'movie_id': 'movieId'}) }}
            {% if is_implicit -%}
                when {{ is_number_misspelt('event') }}
                    then concat("event '", left(event, 40), "' is not a number")
            {%- endif %}
            {{ rating_reasons() }}
        end as reason,
        user_id,
        movie_id,
        rating,
        rated_at
    from rated_lines
),

lines_with_times as (
    select
        source_file,
        landed_at,
        file_version,
        line,
        reason,
        user_id,
        movie_id,
        rating,
        case when reason is null then timestamp_seconds(rated_at) end as rated_at
    from judged_lines
)

select * from lines_with_times
