with lines as (select value, _metadata from {{ source('movielens', 'users') }}),

parsed_lines as (
    select
        _metadata.file_name as source_file,
        value as line,
        {{ from_csv_line(
            'user_id int, age int, gender string, occupation string, zip string'
        ) }} as fields
    from lines
    where not {{ is_header('userId,age,gender,occupation,zip') }}
),

judged_lines as (
    select
        source_file,
        line,
        case
            when fields._corrupt is not null then 'not userId,age,gender,occupation,zip'
            when fields.user_id is null then 'no userId'
            when fields.age not between 0 and 130 then 'age outside 0 to 130'
        end as reason,
        fields.user_id,
        fields.age,
        nullif(trim(fields.gender), '') as gender,
        nullif(trim(fields.occupation), '') as occupation,
        nullif(trim(fields.zip), '') as zip
    from parsed_lines
)

select * from judged_lines
