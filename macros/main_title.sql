{#- A tidy title without the alternative titles in brackets at its end. A bracket
    after "or" belongs to the title: "Birdman: Or (The Unexpected Virtue of
    Ignorance)". -#}
{% macro main_title(title) -%}
    regexp_extract({{ title }}, {{ trailing_brackets() }}, 1)
{%- endmacro %}
