{#- The list of the closed segments of ratings that people sent for the data set that is
    read, as it was when the command began; or the earlier list that the var `incoming`
    names. None if there are no segments, if the var is false, and while dbt parses. -#}
{% macro pinned_segments() %}
    {% set wanted = var('incoming') %}
    {% set manifest = landing_folder() ~ '/manifest.json' %}
    {% if not execute or not wanted or not adapter.path_exists(manifest) %}
        {{ return(none) }}
    {% endif %}
    {% set dataset = fromjson(adapter.read_text(manifest), {}).get('dataset') %}
    {% set name = wanted if wanted is string else none %}
    {{ return(adapter.pin_files(incoming_folder(dataset | string), '.jsonl', name)) }}
{% endmacro %}
