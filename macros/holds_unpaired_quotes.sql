{#- Whether a line has quotes that are not those of RFC 4180, such as quotes with a
    backslash before them. A quote in the middle of a field without quotes is a text. -#}
{% macro holds_unpaired_quotes(line) -%}
    {%- set field = '(?:"[^"]*+(?:""[^"]*+)*+"|[^",][^,]*+|)' -%}
    ({{ line }} like '%"%' and {{ line }} not rlike r'^{{ field }}(?:,{{ field }})*+$')
{%- endmacro %}
