{#- Whether a text is meant as a number and is none, as 13,883 and 1.000.000. -#}
{% macro is_number_misspelt(text) -%}
    {{ text }} rlike r'^[+-]?\d+([.,]\d+)+$' and try_cast({{ text }} as double) is null
{%- endmacro %}
