{%- set header = 'movieId,title,genres' -%}
{%- set schema =
    'movie_id ' ~ var('id_type') ~ ', title string, genres string'
-%}

with lines as (
    {{ csv_lines(source('movielens', 'movies'), header, schema) }}
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
            {{ id_reasons({'movie_id': 'movieId'}) }}
            when coalesce(trim(title), '') = '' then 'no title'
        end as reason,
        movie_id,
        title as raw_title,
        genres as raw_genres
    from lines
)

select * from judged_lines
