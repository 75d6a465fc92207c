with lines as (select value, _metadata from {{ source('movielens', 'tags') }}),

parsed_lines as (
    select
        _metadata.file_name as source_file,
        value as line,
        {{ from_csv_line('user_id int, movie_id int, tag string, tagged_at bigint') }}
            as fields
    from lines
    where not {{ is_header('userId,movieId,tag,timestamp') }}
),

judged_lines as (
    select
        source_file,
        line,
        case
            when fields._corrupt is not null then 'not userId,movieId,tag,timestamp'
            when fields.user_id is null then 'no userId'
            when fields.movie_id is null then 'no movieId'
            when coalesce(trim(fields.tag), '') = '' then 'no tag'
            when fields.tagged_at is null then 'no timestamp'
            when fields.tagged_at not between 0 and 4102444800
                then 'timestamp outside 1970 to 2099'
        end as reason,
        fields.user_id,
        fields.movie_id,
        trim(fields.tag) as tag,
        fields.tagged_at
    from parsed_lines
),

lines_with_times as (
    select
        source_file,
        line,
        reason,
        user_id,
        movie_id,
        tag,
        case when reason is null then timestamp_seconds(tagged_at) end as tagged_at
    from judged_lines
)

select * from lines_with_times
