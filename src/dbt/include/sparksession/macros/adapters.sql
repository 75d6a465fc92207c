{#- The name and the kind of each relation of a schema, as (name, is_view). -#}
{% macro list_tables_and_views(schema_relation) %}
    {% set relations = [] %}
    {% set views = run_query("show views in " ~ schema_relation.schema) %}
    {% set tables = run_query("show tables in " ~ schema_relation.schema) %}
    {% set view_names = [] %}
    {% for view in views if not view['isTemporary'] %}
        {% do view_names.append(view['viewName']) %}
        {% do relations.append((view['viewName'], true)) %}
    {% endfor %}
    {% for table in tables
        if not table['isTemporary'] and table['tableName'] not in view_names %}
        {% do relations.append((table['tableName'], false)) %}
    {% endfor %}
    {{ return(relations) }}
{% endmacro %}


{#- Iceberg's counts of a table's current snapshot, none where there is none. -#}
{% macro latest_snapshot_summary(relation) %}
    {% set rows = run_query(
        "select max_by(summary, committed_at) as summary from "
        ~ relation ~ ".snapshots"
    ) %}
    {{ return(rows[0]['summary']) }}
{% endmacro %}


{#- A catalog that cannot cascade: empty the schema first, then drop it. -#}
{% macro sparksession__drop_schema(relation) %}
    {% for child in adapter.list_relations_without_caching(relation) %}
        {% do drop_relation(child) %}
    {% endfor %}
    {% call statement('drop_schema') %}
        drop schema if exists {{ relation }}
    {% endcall %}
{% endmacro %}


{#- The lakehouse is files: nobody to grant to, and a silent no would be a lie. -#}
{% macro sparksession__apply_grants(relation, grant_config, should_revoke) %}
    {% if grant_config %}
        {{ exceptions.raise_compiler_error(
            "grants on " ~ relation ~ " cannot be applied: the embedded lakehouse is"
            ~ " files and has no users. Remove `grants` from the model's config, or"
            ~ " protect the folder of the warehouse."
        ) }}
    {% endif %}
{% endmacro %}
