{#- The share of a landing file's lines that were rejected. -#}
{% macro rejected_share(source_file) -%}
    max(
        if(
            source_file = '{{ source_file }}',
            try_divide(rejected_count, line_count),
            null
        )
    )
{%- endmacro %}
