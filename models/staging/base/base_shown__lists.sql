{%- set id_type = var('id_type') -%}
{%- set schema =
    'request_id string, version string, user_id string, movie_ids array<string>, '
    ~ 'shown_at bigint, received_at string, line bigint'
-%}

with lines as (
    {{ segment_lines(
        'shown', source('shown', 'segments'), source('shown', 'pins'), schema
    ) }}
),

judged_lines as (
    select
        source_file,
        landed_at,
        raw_line as line,
        case
            when _corrupt is not null then 'line is not JSON of a list'
            when request_id is null then 'no request_id'
            when version is null then 'no version'
            when movie_ids is null then 'no movie_ids'
            when
                exists(movie_ids, one -> try_cast(one as {{ id_type }}) is null)
                or user_id is not null and try_cast(user_id as {{ id_type }}) is null
                then 'an id is not of the type of the data set'
            when shown_at is null then 'no shown_at'
            when {{ is_implausible_time('shown_at') }}
                then concat(
                    'shown_at ', shown_at, ' is outside 1970 to 2099 in seconds'
                )
        end as reason,
        request_id,
        version,
        try_cast(user_id as {{ id_type }}) as user_id,
        transform(movie_ids, one -> try_cast(one as {{ id_type }})) as movie_ids,
        shown_at,
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
        request_id,
        version,
        user_id,
        movie_ids,
        case when reason is null then timestamp_seconds(shown_at) end as shown_at,
        received_at,
        line_number
    from judged_lines
)

select * from lines_with_times
