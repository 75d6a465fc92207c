{%- set genome = ['genome_tags', 'genome_scores'] if var('genome') else [] -%}
{%- set models = [] -%}
{%- for file in ['ratings', 'movies', 'tags', 'links', 'users'] + genome -%}
    {%- do models.append('base_movielens__' ~ file) -%}
{%- endfor -%}
{%- if has_segments() == 'true' -%}
    {%- do models.append('base_incoming__ratings') -%}
{%- endif -%}

with rejected_lines as (
    {% for model in models -%}
        select
            source_file,
            line,
            reason,
            {{ reason_kind('reason') }} as reason_kind,
            landed_at
        from {{ ref(model) }}
        where reason is not null
        {{ 'union all' if not loop.last }}
    {% endfor -%}
)

select * from rejected_lines
