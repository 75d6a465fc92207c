{%- set header = 'userId,movieId,tag,timestamp' -%}
{%- set id_type = var('id_type') -%}
{%- set schema =
    'user_id ' ~ id_type ~ ', movie_id ' ~ id_type
    ~ ', tag string, tagged_at bigint'
-%}

with lines as (
    {{ csv_lines(source('movielens', 'tags'), header, schema) }}
),

judged_lines as (
    select
        source_file,
        landed_at,
        line,
        case
            when {{ holds_control_character('line') }} then 'control character'
            when _corrupt is not null
                then {{ misfit_reason('line', header, schema) }}
            when {{ holds_unpaired_quotes('line') }} then 'quotes that do not pair'
            {{ id_reasons({'user_id': 'userId', 'movie_id': 'movieId'}) }}
            when coalesce(trim(tag), '') = '' then 'no tag'
            when tagged_at is null then 'no timestamp'
            when {{ is_implausible_time('tagged_at') }}
                then concat(
                    'timestamp ', tagged_at, ' is outside 1970 to 2099 in seconds'
                )
        end as reason,
        user_id,
        movie_id,
        trim(tag) as tag,
        tagged_at
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
        tag,
        case when reason is null then timestamp_seconds(tagged_at) end as tagged_at
    from judged_lines
)

select * from lines_with_times
