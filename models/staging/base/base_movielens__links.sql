{%- set header = 'movieId,imdbId,tmdbId' -%}
{%- set schema =
    'movie_id ' ~ var('id_type') ~ ', imdb_id string, tmdb_id string'
-%}

with lines as (
    {{ csv_lines(source('movielens', 'links'), header, schema) }}
),

lines_with_numbers as (
    select
        source_file,
        landed_at,
        line,
        _corrupt,
        movie_id,
        imdb_id,
        -- pandas writes whole numbers with gaps as 862.0
        regexp_replace(tmdb_id, r'\.0{1,2}$', '') as tmdb_text
    from lines
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
            else {{ value_reason('tmdb_text', 'tmdbId', 'int') }}
        end as reason,
        movie_id,
        imdb_id,
        try_cast(tmdb_text as int) as tmdb_id
    from lines_with_numbers
)

select * from judged_lines
