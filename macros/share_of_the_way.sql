{#- How far a value has gone from one bound to another, at least 0; null where both
    bounds are the same, or the value is null. -#}
{% macro share_of_the_way(from_bound, value, to_bound) -%}
    try_divide(
        if({{ value }} < {{ from_bound }}, 0, {{ value }} - {{ from_bound }}),
        {{ to_bound }} - {{ from_bound }}
    )
{%- endmacro %}
