with lines as (select value, _metadata from {{ source('movielens', 'movies') }}),

parsed_lines as (
    select
        _metadata.file_name as source_file,
        value as line,
        {{ from_csv_line('movie_id int, title string, genres string') }} as fields
    from lines
    where not {{ is_header('movieId,title,genres') }}
),

judged_lines as (
    select
        source_file,
        line,
        case
            when fields._corrupt is not null then 'not movieId,title,genres'
            when fields.movie_id is null then 'no movieId'
            when coalesce(trim(fields.title), '') = '' then 'no title'
        end as reason,
        fields.movie_id,
        fields.title as raw_title,
        fields.genres as raw_genres
    from parsed_lines
)

select * from judged_lines
