{#- Whether a raw line is the file's header, with or without a byte order mark. -#}
{% macro is_header(line, header) -%}
    ltrim('\ufeff', {{ line }}) = '{{ header }}'
{%- endmacro %}
