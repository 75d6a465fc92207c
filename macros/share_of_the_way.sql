{#- How far a value has gone from one bound to another, at least 0; null where both
    bounds are the same. -#}
{% macro share_of_the_way(from_bound, value, to_bound) -%}
    try_divide(
        greatest({{ value }} - {{ from_bound }}, 0), {{ to_bound }} - {{ from_bound }}
    )
{%- endmacro %}
