{%- set genome = ['genome_tags', 'genome_scores'] if var('genome') else [] -%}
{%- set models = [] -%}
{%- for file in ['ratings', 'movies', 'tags', 'links', 'users'] + genome -%}
    {%- do models.append('base_movielens__' ~ file) -%}
{%- endfor -%}
{%- if has_segments() == 'true' -%}
    {%- do models.append('base_incoming__ratings') -%}
{%- endif -%}
{%- if has_stream() == 'true' -%}
    {%- do models.append('stg_stream__records') -%}
    {%- if var('hold_floods') -%}
        {%- do models.append('stg_stream__held_records') -%}
    {%- endif -%}
{%- endif -%}
{%- if var('outcomes') -%}
    {%- do models.extend(['base_shown__lists', 'base_events__list_events']) -%}
{%- endif -%}

with rejected_lines as (
    {% for model in models -%}
        select
            source_file,
            line,
            reason,
            {{ reason_kind('reason') }} as reason_kind,
            {{ 'ingested_at as ' if model.startswith('stg_stream__') }}landed_at
        from {{ ref(model) }}
        where reason is not null
        {{ 'union all' if not loop.last }}
    {% endfor -%}
)

select * from rejected_lines
