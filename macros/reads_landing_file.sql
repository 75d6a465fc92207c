{#- 'true' if a node of the graph reads a landing file, itself or through
    ephemerals. -#}
{% macro reads_landing_file(unique_id) -%}
    {%- for parent in graph.nodes[unique_id].depends_on.nodes -%}
        {%- if parent.startswith('source.' ~ project_name ~ '.movielens.') -%}
            true
        {%- elif parent in graph.nodes
            and graph.nodes[parent].config.materialized == 'ephemeral' -%}
            {{ reads_landing_file(parent) }}
        {%- endif -%}
    {%- endfor -%}
{%- endmacro %}
