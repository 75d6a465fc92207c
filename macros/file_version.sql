{#- The version of a raw line of ratings.csv: its file, as far as it is known without
    reading it, and the vars that decide what the line says. -#}
{% macro file_version() -%}
    {%- set variables = [
        'rating_min', 'rating_max', 'id_type', 'feedback', 'event_weights'
    ] -%}
    concat_ws(
        '/',
        _metadata['file_path'],
        unix_micros(_metadata['file_modification_time']),
        _metadata['file_size']
    {%- for variable in variables %},
        '{{ var(variable) | string | replace("'", '') }}'
    {%- endfor %}
    )
{%- endmacro %}
