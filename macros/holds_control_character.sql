{#- Whether a text holds a character of C0 but tab, DEL or one of C1: no file is meant
    to hold them, and a terminal that is shown them obeys. -#}
{% macro holds_control_character(text) -%}
    {{ text }} rlike r'[\x00-\x08\x0a-\x1f\x7f-\x9f]'
{%- endmacro %}
