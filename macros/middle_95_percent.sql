{#- The bounds of the middle 95 % of a group's values, as an array of two. -#}
{% macro middle_95_percent(value) -%}
    percentile({{ value }}, array(0.025, 0.975))
{%- endmacro %}
