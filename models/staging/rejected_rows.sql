with {% for entity in ['ratings', 'movies', 'tags', 'links', 'users'] -%}
{{ entity }} as (select * from {{ ref('base_movielens__' ~ entity) }}),

{% endfor -%}
rejected_lines as (
    {%- for entity in ['ratings', 'movies', 'tags', 'links', 'users'] %}
    select
        source_file,
        line,
        reason
    from {{ entity }}
    where reason is not null
    {% if not loop.last %}
    union all
    {% endif %}
    {%- endfor %}
)

select * from rejected_lines
