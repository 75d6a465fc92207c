{#- A MovieLens title without the year (or range of years) in brackets at its end. -#}
{% macro title_without_year(raw_title) -%}
    trim(regexp_replace({{ raw_title }}, r'\(\d{4}(?:[-–]\d{0,4})?\)\s*$', ''))
{%- endmacro %}
