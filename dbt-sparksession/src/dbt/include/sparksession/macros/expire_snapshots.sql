{#- Drop old snapshots of the tables that this run wrote, so that rebuilding does not
    fill the disk; how many stay is in the tables' history.expire properties. -#}
{% macro expire_snapshots(results) %}
    {% if execute %}
        {% set relations = [] %}
        {% for result in results
            if result.status == 'success'
            and result.node.resource_type in ['model', 'seed', 'snapshot']
            and result.node.config.materialized in ['table', 'incremental', 'seed', 'snapshot'] %}
            {% do relations.append(
                api.Relation.create(schema=result.node.schema, identifier=result.node.alias)
            ) %}
        {% endfor %}
        {% do adapter.expire_snapshots(relations) %}
    {% endif %}
{% endmacro %}
