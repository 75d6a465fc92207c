{#- A title without its last year, or range of years, in brackets; text after it
    stays. -#}
{% macro title_without_year(raw_title) -%}
    trim(regexp_replace({{ raw_title }}, {{ bracketed_year() }}, '$1 $3'))
{%- endmacro %}
