{#- Whether a value is one of an array, which null lets pass with whatever value. -#}
{% macro is_any_of(value, allowed) -%}
    ({{ allowed }} is null or coalesce(array_contains({{ allowed }}, {{ value }}), false))
{%- endmacro %}
