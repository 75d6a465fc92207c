with lines as (
    select
        value as line,
        _metadata['file_name'] as source_file,
        _metadata['file_modification_time'] as landed_at
    from {{ source('movielens', 'movies') }}
),

parsed_lines as (
    select
        source_file,
        landed_at,
        line,
        {{ from_csv_line('movie_id int, title string, genres string') }}
    from lines
    where not {{ is_header('movieId,title,genres') }}
),

judged_lines as (
    select
        source_file,
        landed_at,
        line,
        case
            when _corrupt is not null then 'not movieId,title,genres'
            when movie_id is null then 'no movieId'
            when coalesce(trim(title), '') = '' then 'no title'
        end as reason,
        movie_id,
        title as raw_title,
        genres as raw_genres
    from parsed_lines
)

select * from judged_lines
