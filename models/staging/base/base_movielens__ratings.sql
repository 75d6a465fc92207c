with lines as (select value, _metadata from {{ source('movielens', 'ratings') }}),

parsed_lines as (
    select
        _metadata.file_name as source_file,
        value as line,
        {{ from_csv_line('user_id int, movie_id int, rating double, rated_at bigint') }}
            as fields
    from lines
    where not {{ is_header('userId,movieId,rating,timestamp') }}
),

judged_lines as (
    select
        source_file,
        line,
        case
            when fields._corrupt is not null then 'not userId,movieId,rating,timestamp'
            when fields.user_id is null then 'no userId'
            when fields.movie_id is null then 'no movieId'
            when fields.rating is null then 'no rating'
            when isnan(fields.rating) then 'rating is not a number'
            when
                fields.rating not between {{ var('rating_min') }}
                and {{ var('rating_max') }}
                then 'rating outside the scale'
            when fields.rated_at is null then 'no timestamp'
            when fields.rated_at not between 0 and 4102444800
                then 'timestamp outside 1970 to 2099'
        end as reason,
        fields.user_id,
        fields.movie_id,
        fields.rating,
        fields.rated_at
    from parsed_lines
),

lines_with_times as (
    select
        source_file,
        line,
        reason,
        user_id,
        movie_id,
        rating,
        case when reason is null then timestamp_seconds(rated_at) end as rated_at
    from judged_lines
)

select * from lines_with_times
