{#- The year in brackets at the end of a title; of a range, its first year. -#}
{% macro release_year(raw_title) -%}
    try_cast(
        nullif(
            regexp_extract({{ raw_title }}, r'\((\d{4})(?:[-–]\d{0,4})?\)\s*$', 1), ''
        ) as int
    )
{%- endmacro %}
