{#- The reason of a rejection without the value, to group by. -#}
{% macro reason_kind(reason) -%}
    regexp_replace(
        regexp_replace({{ reason }}, r' \x27.*\x27', ''), r'^(\w+) \S+ is ', '$1 is '
    )
{%- endmacro %}
