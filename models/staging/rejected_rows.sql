{%- set genome = ['genome_tags', 'genome_scores'] if var('genome') else [] -%}

with rejected_lines as (
    {% for file in ['ratings', 'movies', 'tags', 'links', 'users'] + genome -%}
        select
            source_file,
            line,
            reason,
            {{ reason_kind('reason') }} as reason_kind,
            landed_at
        from {{ ref('base_movielens__' ~ file) }}
        where reason is not null
        {{ 'union all' if not loop.last }}
    {% endfor -%}
)

select * from rejected_lines
