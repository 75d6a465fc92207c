{#- What is known of users, null where the var `demographics` says not to use it. -#}
{% macro demographic(column) -%}
    {{ column if var('demographics') else 'cast(null as string)' }}
{%- endmacro %}
