{#- Why a line's ids are none: branches of a case. A text id has no spaces around it, no
    control characters, and at most 200 characters. -#}
{% macro id_reasons(columns) -%}
    {%- for column, name in columns.items() %}
        {% if var('id_type') == 'string' -%}
            when {{ is_missing(column) }} then 'no {{ name }}'
            when {{ column }} != trim({{ column }})
                then concat(
                    '{{ name }} \'', left({{ column }}, 40), '\' has spaces around it'
                )
            when {{ holds_control_character(column) }}
                then 'control character in {{ name }}'
            when length({{ column }}) > 200
                then '{{ name }} has more than 200 characters'
        {%- else -%}
            when {{ column }} is null then 'no {{ name }}'
        {%- endif %}
    {%- endfor %}
{%- endmacro %}
