{#- 'true' if this build reads segments of a kind, as ratings that people sent, else
    'false'. While dbt parses it is true, so that the lineage has them. -#}
{% macro has_segments(kind='incoming') -%}
    {%- if not execute or pinned_segments(kind) is not none -%}
        true
    {%- else -%}
        false
    {%- endif -%}
{%- endmacro %}
