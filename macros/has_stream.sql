{#- 'true' if this build reads ratings of the stream, else 'false'. While dbt parses it
    is true, so that the lineage has them. -#}
{% macro has_stream() -%}
    {%- if not execute or pinned_stream() is not none -%}
        true
    {%- else -%}
        false
    {%- endif -%}
{%- endmacro %}
