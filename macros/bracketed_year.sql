{#- A regular expression: what stands before a title's last year in brackets, the
    year (of a range, its first), and what stands after. Movies have been made since
    1874. -#}
{% macro bracketed_year() -%}
    r'^(.*?)\s*\((18[789]\d|19\d\d|20\d\d)(?:\s*[-–—]\s*\d{0,4})?\s*\)\s*((?!.*\((?:18[789]|19\d|20\d)\d).*)$'
{%- endmacro %}
