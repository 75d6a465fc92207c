{#- In prod a model's own schema is its name; elsewhere all models share the target's,
    so that a developer's build stays in one place. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ generate_schema_name_for_env(custom_schema_name, node) }}
{%- endmacro %}
