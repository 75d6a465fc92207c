{%- set header = 'userId,age,gender,occupation,zip' -%}
{%- set schema =
    'user_id ' ~ var('id_type') ~ ', age int, gender string, occupation string, zip string'
-%}

with lines as (
    {{ csv_lines(source('movielens', 'users'), header, schema) }}
),

judged_lines as (
    select
        source_file,
        landed_at,
        line,
        case
            when {{ holds_control_character('line') }} then 'control character'
            when _corrupt is not null
                then {{ misfit_reason('line', header, schema) }}
            when {{ holds_unpaired_quotes('line') }} then 'quotes that do not pair'
            {{ id_reasons({'user_id': 'userId'}) }}
            when age not between 0 and 130
                then concat('age ', age, ' is outside 0 to 130')
        end as reason,
        user_id,
        age,
        nullif(trim(gender), '') as gender,
        nullif(trim(occupation), '') as occupation,
        nullif(trim(zip), '') as zip
    from lines
)

select * from judged_lines
