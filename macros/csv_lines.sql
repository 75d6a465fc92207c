{#- The lines of a landing file but its header, each with the columns of `schema`; with
    `version_vars` also the version of the file and of those vars. -#}
{% macro csv_lines(file, header, schema, version_vars=none) -%}
    select
        _metadata['file_name'] as source_file,
        _metadata['file_modification_time'] as landed_at,
        {{ file_version(version_vars) ~ ' as file_version,' if version_vars }}
        value as line,
        {{ from_csv_line('value', schema) }}
    from {{ file }}
    where not {{ is_header('value', header) }}
{%- endmacro %}
