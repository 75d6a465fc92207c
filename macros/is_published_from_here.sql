{#- Whether something is published, by the target that runs. -#}
{% macro is_published_from_here() -%}
    {%- set exports = var('exports_dir') or target.state_dir ~ '/exports' -%}
    {{ return(
        execute
        and target.name == var('publish_target')
        and adapter.path_exists(exports ~ '/current')
    ) }}
{%- endmacro %}
