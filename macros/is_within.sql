{#- Whether a number is within bounds, each of which may be null for none. A number that
    is not known is within none. -#}
{% macro is_within(value, first, last) -%}
    (
        ({{ first }} is null or coalesce({{ value }} >= {{ first }}, false))
        and ({{ last }} is null or coalesce({{ value }} <= {{ last }}, false))
    )
{%- endmacro %}
