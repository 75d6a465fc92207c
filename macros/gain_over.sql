{#- How much better `metric_value` is than a reference of the same role, in a relation
    that has `role`: of an error less is better. -#}
{% macro gain_over(reference) -%}
    if(role = 'predictor', {{ reference }} - metric_value, metric_value - {{ reference }})
{%- endmacro %}
