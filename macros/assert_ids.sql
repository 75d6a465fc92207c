{#- Stop before the first model when the type of the ids is none that is known; drop the
    staged ratings, which are read again, when it has changed. -#}
{% macro assert_ids() %}
    {% set id_types = ['int', 'bigint', 'string'] %}
    {% if var('id_type') not in id_types %}
        {{ exceptions.raise_compiler_error(
            "the var id_type is " ~ var('id_type') ~ ", which is none of "
            ~ id_types | join(', ') ~ ": set it in dbt_project.yml or --vars"
        ) }}
    {% endif %}
    {% set prefix = 'model.' ~ project_name ~ '.' %}
    {% set staging = ['stg_movielens__ratings', 'stg_stream__records'] %}
    {% for name in staging if execute and prefix ~ name in selected_resources %}
        {% set node = graph.nodes[prefix ~ name] %}
        {% set relation = adapter.get_relation(
            node.database, node.schema, node.alias
        ) %}
        {% if relation is not none %}
            {% for column in adapter.get_columns_in_relation(relation) %}
                {% if column.name == 'user_id' and column.dtype != var('id_type') %}
                    {% do adapter.drop_relation(relation) %}
                {% endif %}
            {% endfor %}
        {% endif %}
    {% endfor %}
{% endmacro %}
