with lines as (
    select
        value as line,
        _metadata['file_name'] as source_file,
        _metadata['file_modification_time'] as landed_at
    from {{ source('movielens', 'tags') }}
),

parsed_lines as (
    select
        source_file,
        landed_at,
        line,
        {{ from_csv_line('user_id int, movie_id int, tag string, tagged_at bigint') }}
    from lines
    where not {{ is_header('userId,movieId,tag,timestamp') }}
),

judged_lines as (
    select
        source_file,
        landed_at,
        line,
        case
            when _corrupt is not null then 'not userId,movieId,tag,timestamp'
            when user_id is null then 'no userId'
            when movie_id is null then 'no movieId'
            when coalesce(trim(tag), '') = '' then 'no tag'
            when tagged_at is null then 'no timestamp'
            when tagged_at not between 0 and 4102444800
                then 'timestamp outside 1970 to 2099'
        end as reason,
        user_id,
        movie_id,
        trim(tag) as tag,
        tagged_at
    from parsed_lines
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
