{#- 'true' if this build reads ratings that people sent, else 'false'. While dbt parses
    it is true, so that the lineage has them. -#}
{% macro has_segments() -%}
    {%- if not execute or pinned_segments() is not none -%}
        true
    {%- else -%}
        false
    {%- endif -%}
{%- endmacro %}
