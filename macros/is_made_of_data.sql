{#- 'true' if a node of the graph has a source among its ancestors; `seen` are nodes
    that were looked at. -#}
{% macro is_made_of_data(unique_id, seen) -%}
    {%- for parent in graph.nodes[unique_id].depends_on.nodes if parent not in seen -%}
        {%- do seen.append(parent) -%}
        {%- if parent.startswith('source.') -%}
            true
        {%- elif parent in graph.nodes -%}
            {{ is_made_of_data(parent, seen) }}
        {%- endif -%}
    {%- endfor -%}
{%- endmacro %}
