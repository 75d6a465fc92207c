with lines as (select value, _metadata from {{ source('movielens', 'links') }}),

parsed_lines as (
    select
        _metadata.file_name as source_file,
        value as line,
        {{ from_csv_line('movie_id int, imdb_id string, tmdb_id int') }} as fields
    from lines
    where not {{ is_header('movieId,imdbId,tmdbId') }}
),

judged_lines as (
    select
        source_file,
        line,
        case
            when fields._corrupt is not null then 'not movieId,imdbId,tmdbId'
            when fields.movie_id is null then 'no movieId'
        end as reason,
        fields.movie_id,
        fields.imdb_id,
        fields.tmdb_id
    from parsed_lines
)

select * from judged_lines
