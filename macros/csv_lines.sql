{#- The lines of a landing file but its header, each with the columns of `schema`, and
    with the version of the file if that is asked for. -#}
{% macro csv_lines(file, header, schema, with_version=false) -%}
    select
        _metadata['file_name'] as source_file,
        _metadata['file_modification_time'] as landed_at,
        {{ file_version() ~ ' as file_version,' if with_version }}
        value as line,
        {{ from_csv_line('value', schema) }}
    from {{ file }}
    where not {{ is_header('value', header) }}
{%- endmacro %}
