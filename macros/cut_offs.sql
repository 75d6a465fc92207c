{#- The lengths at which lists are evaluated, as an array. -#}
{% macro cut_offs() -%}
    array({{ var('ranking_cut_offs') | join(', ') }})
{%- endmacro %}
