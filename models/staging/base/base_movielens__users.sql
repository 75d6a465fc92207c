with lines as (
    select
        value as line,
        _metadata['file_name'] as source_file,
        _metadata['file_modification_time'] as landed_at
    from {{ source('movielens', 'users') }}
),

parsed_lines as (
    select
        source_file,
        landed_at,
        line,
        {{ from_csv_line(
            'user_id int, age int, gender string, occupation string, zip string'
        ) }}
    from lines
    where not {{ is_header('userId,age,gender,occupation,zip') }}
),

judged_lines as (
    select
        source_file,
        landed_at,
        line,
        case
            when _corrupt is not null then 'not userId,age,gender,occupation,zip'
            when user_id is null then 'no userId'
            when age not between 0 and 130 then 'age outside 0 to 130'
        end as reason,
        user_id,
        age,
        nullif(trim(gender), '') as gender,
        nullif(trim(occupation), '') as occupation,
        nullif(trim(zip), '') as zip
    from parsed_lines
)

select * from judged_lines
