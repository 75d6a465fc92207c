{%- set header = 'tagId,tag' -%}
{%- set schema = 'tag_id int, tag string' -%}

with lines as (
    {{ csv_lines(source('movielens', 'genome_tags'), header, schema) }}
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
            when tag_id is null then 'no tagId'
            when coalesce(trim(tag), '') = '' then 'no tag'
        end as reason,
        tag_id,
        trim(tag) as tag
    from lines
)

select * from judged_lines
