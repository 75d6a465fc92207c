{#- Whether a text stands for nothing, as in what `cinespark data` converts. -#}
{% macro is_missing(text) -%}
    coalesce({{ text }}, '') in (
        '', 'NA', 'N/A', 'NaN', 'nan', 'NULL', 'null', 'None', r'\N'
    )
{%- endmacro %}
