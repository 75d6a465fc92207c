{#- Why most of a landing file's rejected lines were rejected. -#}
{% macro commonest_reason(source_file) -%}
    max(if(source_file = '{{ source_file }}', commonest_reason, null))
{%- endmacro %}
