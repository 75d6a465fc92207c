{#- Stop before the first model when a selected one reads a landing file that is not
    there; the message says which command brings the data. -#}
{% macro assert_data_landed() %}
    {% if execute and not adapter.path_exists(var('data_dir') ~ '/manifest.json') %}
        {% for unique_id in selected_resources if unique_id in graph.nodes %}
            {% for parent in graph.nodes[unique_id].depends_on.nodes
                if parent.startswith('source.' ~ project_name ~ '.movielens.') %}
                {{ exceptions.raise_compiler_error(
                    "no data in " ~ var('data_dir') ~ ", which " ~ unique_id
                    ~ " reads: run `cinespark data ml-100k` first (or give it another"
                    ~ " name or a folder of your own)"
                ) }}
            {% endfor %}
        {% endfor %}
    {% endif %}
{% endmacro %}
