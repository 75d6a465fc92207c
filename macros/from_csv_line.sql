{#- One raw line as a struct of the columns in `schema`; a line that does not fit has its
    text in `_corrupt` instead of raising. Quotes are doubled inside quotes (RFC 4180). -#}
{% macro from_csv_line(schema) -%}
    from_csv(
        value,
        '{{ schema }}, _corrupt string',
        map(
            'escape', '"',
            'mode', 'PERMISSIVE',
            'columnNameOfCorruptRecord', '_corrupt'
        )
    )
{%- endmacro %}
