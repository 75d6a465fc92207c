with lines as (
    select
        value as line,
        _metadata['file_name'] as source_file,
        _metadata['file_modification_time'] as landed_at
    from {{ source('movielens', 'links') }}
),

parsed_lines as (
    select
        source_file,
        landed_at,
        line,
        {{ from_csv_line('movie_id int, imdb_id string, tmdb_id int') }}
    from lines
    where not {{ is_header('movieId,imdbId,tmdbId') }}
),

judged_lines as (
    select
        source_file,
        landed_at,
        line,
        case
            when _corrupt is not null then 'not movieId,imdbId,tmdbId'
            when movie_id is null then 'no movieId'
        end as reason,
        movie_id,
        imdb_id,
        tmdb_id
    from parsed_lines
)

select * from judged_lines
