{#- The last year in brackets of a title; of a range, its first year. -#}
{% macro release_year(raw_title) -%}
    cast(
        nullif(regexp_extract({{ raw_title }}, {{ bracketed_year() }}, 2), '') as int
    )
{%- endmacro %}
