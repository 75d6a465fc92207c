{#- Drop the tables and views in the target's schema that no model, seed or snapshot of
    the project makes, such as those of a model that was renamed. -#}
{% macro drop_orphaned_relations(dry_run=true) %}
    {% if execute %}
        {% set made = [] %}
        {% for node in graph.nodes.values()
            if node.resource_type in ['model', 'seed', 'snapshot']
            and node.config.materialized != 'ephemeral'
            and node.schema == target.schema %}
            {% do made.append(node.alias | lower) %}
        {% endfor %}
        {% set schema = api.Relation.create(schema=target.schema) %}
        {% for relation in adapter.list_relations_without_caching(schema)
            | rejectattr('identifier', 'in', made) | sort(attribute='identifier') %}
            {% do log(
                ('would drop ' if dry_run else 'drops ') ~ relation.type ~ ' ' ~ relation,
                info=true
            ) %}
            {% do adapter.drop_relation(relation) if not dry_run %}
        {% else %}
            {% do log('nothing to drop in ' ~ target.schema, info=true) %}
        {% endfor %}
    {% endif %}
{% endmacro %}
