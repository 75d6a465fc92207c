{#- The version of a raw line: its file, as far as it is known without reading it, and
    the vars that decide whether the line is rejected. -#}
{% macro file_version(variables) -%}
    concat_ws(
        '/',
        _metadata['file_path'],
        unix_micros(_metadata['file_modification_time']),
        _metadata['file_size']
    {%- for variable in variables %},
        '{{ var(variable) }}'
    {%- endfor %}
    )
{%- endmacro %}
