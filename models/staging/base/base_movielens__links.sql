{%- set header = 'movieId,imdbId,tmdbId' -%}

with lines as (
    {{ csv_lines(
        source('movielens', 'links'),
        header,
        'movie_id int, imdb_id string, tmdb_id int'
    ) }}
),

judged_lines as (
    select
        source_file,
        landed_at,
        line,
        case
            when {{ holds_control_character('line') }} then 'control character'
            when _corrupt is not null then 'not {{ header }}'
            when movie_id is null then 'no movieId'
        end as reason,
        movie_id,
        imdb_id,
        tmdb_id
    from lines
)

select * from judged_lines
