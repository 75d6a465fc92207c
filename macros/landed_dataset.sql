{#- The name of the data set that is read, as its manifest has it, as a text; none if
    none has landed, and while dbt parses. -#}
{% macro landed_dataset() %}
    {% set manifest = landing_folder() ~ '/manifest.json' %}
    {% if not execute or not adapter.path_exists(manifest) %}
        {{ return(none) }}
    {% endif %}
    {% set dataset = fromjson(adapter.read_text(manifest), {}).get('dataset') %}
    {{ return(dataset | string) }}
{% endmacro %}
