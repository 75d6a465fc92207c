{%- set header = 'movieId,tagId,relevance' -%}
{%- set schema =
    'movie_id ' ~ var('id_type') ~ ', tag_id int, relevance double'
-%}

with lines as (
    {{ csv_lines(source('movielens', 'genome_scores'), header, schema) }}
),

tags as (select * from {{ ref('stg_movielens__genome_tags') }}),

lines_with_tags as (
    select
        lines.source_file,
        lines.landed_at,
        lines.line,
        lines._corrupt,
        lines.movie_id,
        lines.tag_id,
        lines.relevance,
        tags.tag
    from lines
    left join tags on lines.tag_id = tags.tag_id
),

judged_lines as (
    select
        source_file,
        landed_at,
        line,
        case
            when _corrupt is not null
                then {{ misfit_reason('line', header, schema) }}
            when {{ holds_unpaired_quotes('line') }} then 'quotes that do not pair'
            {{ id_reasons({'movie_id': 'movieId'}) }}
            when tag_id is null then 'no tagId'
            when relevance is null then 'no relevance'
            when isnan(relevance) then 'relevance is not a number'
            when relevance not between 0 and 1
                then concat('relevance ', relevance, ' is outside 0 to 1')
            when tag is null
                then concat('tagId ', tag_id, ' is not in genome-tags.csv')
        end as reason,
        movie_id,
        tag_id,
        tag,
        relevance
    from lines_with_tags
)

select * from judged_lines
