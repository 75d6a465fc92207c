{#- What a line's rows depend on: its file, as far as that is known without reading
    it, and the vars it is judged by. Another version, other rows. -#}
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
