with lines as (
    select
        value as line,
        _metadata['file_name'] as source_file,
        _metadata['file_modification_time'] as landed_at,
        {{ file_version(['rating_min', 'rating_max']) }} as file_version
    from {{ source('movielens', 'ratings') }}
),

parsed_lines as (
    select
        source_file,
        landed_at,
        file_version,
        line,
        {{ from_csv_line('user_id int, movie_id int, rating double, rated_at bigint') }}
    from lines
    where not {{ is_header('userId,movieId,rating,timestamp') }}
),

judged_lines as (
    select
        source_file,
        landed_at,
        file_version,
        line,
        case
            when _corrupt is not null then 'not userId,movieId,rating,timestamp'
            when user_id is null then 'no userId'
            when movie_id is null then 'no movieId'
            when rating is null then 'no rating'
            when isnan(rating) then 'rating is not a number'
            when
                rating not between {{ var('rating_min') }}
                and {{ var('rating_max') }}
                then 'rating outside the scale'
            when rated_at is null then 'no timestamp'
            when rated_at not between 0 and 4102444800
                then 'timestamp outside 1970 to 2099'
        end as reason,
        user_id,
        movie_id,
        rating,
        rated_at
    from parsed_lines
),

lines_with_times as (
    select
        source_file,
        landed_at,
        file_version,
        line,
        reason,
        user_id,
        movie_id,
        rating,
        case when reason is null then timestamp_seconds(rated_at) end as rated_at
    from judged_lines
)

select * from lines_with_times
