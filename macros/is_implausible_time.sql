{#- Whether a Unix time in seconds is outside 1970 to 2099. -#}
{% macro is_implausible_time(seconds) -%}
    {{ seconds }} not between 0 and 4102444800
{%- endmacro %}
