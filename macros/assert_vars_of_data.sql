{#- Stop before the first model that reads a landing file when the data set has to be
    built with other vars, as its manifest says: ids that the type of ids does not
    hold, events where ratings are expected, or a genome that is there or is not. -#}
{% macro assert_vars_of_data() %}
    {% set path = landing_folder() ~ '/manifest.json' %}
    {% if execute and adapter.path_exists(path) %}
        {% set reading = [] %}
        {% for unique_id in selected_resources if unique_id in graph.nodes %}
            {% if 'true' in reads_landing_file(unique_id) %}
                {% do reading.append(unique_id) %}
            {% endif %}
        {% endfor %}
        {% set manifest = fromjson(adapter.read_text(path), {}) %}
        {% set needed = manifest.get('vars', {}) %}
        {% set id_types = ['int', 'bigint', 'string'] %}
        {% set id_type = needed.get('id_type', 'int') %}
        {% set feedback = needed.get('feedback', 'explicit') %}
        {% set genome = needed.get('genome', false) %}
        {% set misfits = [] %}
        {% if id_types.index(id_type) > id_types.index(var('id_type')) %}
            {% do misfits.append('id_type is ' ~ var('id_type') ~ ', not ' ~ id_type) %}
        {% endif %}
        {% if feedback != var('feedback') %}
            {% do misfits.append(
                'feedback is ' ~ var('feedback') ~ ', not ' ~ feedback
            ) %}
        {% endif %}
        {% if genome != var('genome') %}
            {% do misfits.append(
                'genome is ' ~ var('genome') | lower ~ ', not ' ~ genome | lower
            ) %}
        {% endif %}
        {% if reading and misfits %}
            {{ exceptions.raise_compiler_error(
                "the data set " ~ manifest.get('dataset') ~ " does not fit the vars ("
                ~ misfits | join('; ') ~ "): build with --vars '" ~ tojson(needed)
                ~ "', as `make run` does, or set them in dbt_project.yml"
            ) }}
        {% endif %}
    {% endif %}
{% endmacro %}
