{#- Whether something is published, by the target that runs. -#}
{% macro is_published_from_here() -%}
    {{ return(
        execute
        and target.name == var('publish_target')
        and adapter.path_exists(var('exports_dir') ~ '/current')
    ) }}
{%- endmacro %}
