{#- A raw line as the columns of `schema`; one that does not fit has its text in
    `_corrupt` instead of raising. Quotes are doubled inside quotes (RFC 4180). -#}
{% macro from_csv_line(line, schema) -%}
    inline(
        array(
            from_csv(
                {{ line }},
                '{{ schema }}, _corrupt string',
                map(
                    'escape', '"',
                    'mode', 'PERMISSIVE',
                    'columnNameOfCorruptRecord', '_corrupt'
                )
            )
        )
    )
{%- endmacro %}
