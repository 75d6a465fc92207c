{#- Stop before the first model when there is no landing file and a selected node
    needs one: because it reads it, itself or through ephemeral models, or because
    nothing has been built yet and it, or what it tests, is made of such data. Seeds and
    what is on seeds alone need none. The message says which command fetches the data. -#}
{% macro assert_data_landed() %}
    {% if execute and not adapter.path_exists(landing_folder() ~ '/manifest.json') %}
        {% set first_table = graph.nodes['model.' ~ project_name ~ '.stg_movielens__manifest'] %}
        {% set is_built = adapter.get_relation(
            first_table.database, first_table.schema, first_table.alias
        ) is not none %}
        {% for unique_id in selected_resources if unique_id in graph.nodes %}
            {% if 'true' in reads_landing_file(unique_id)
                or (not is_built and 'true' in is_made_of_data(unique_id, [])) %}
                {{ exceptions.raise_compiler_error(
                    "no data in " ~ landing_folder() ~ ", which " ~ unique_id
                    ~ " needs: run `cinespark data ml-100k` first (or give it another"
                    ~ " name or a folder of your own)"
                ) }}
            {% endif %}
        {% endfor %}
    {% endif %}
{% endmacro %}
