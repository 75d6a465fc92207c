{#- How many fields a line has: commas inside quotes divide none. -#}
{% macro field_count(line) -%}
    size(split(regexp_replace({{ line }}, r'"[^"]*"', ''), ',', -1))
{%- endmacro %}
