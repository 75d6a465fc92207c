{#- `purge`, or Iceberg leaves the table's files behind for ever. -#}
{% macro sparksession__drop_relation(relation) %}
    {% call statement('drop_relation', auto_begin=False) %}
        drop {{ relation.type or 'table' }} if exists {{ relation }}
        {{- ' purge' if not relation.is_view and adapter.table_format() == 'iceberg' }}
    {% endcall %}
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


{#- The lakehouse is files: nobody to grant to, and a silent no would be a lie. Said
    before anything is written. -#}
{% macro refuse_grants(relation) %}
    {% do apply_grants(relation, config.get('grants'), false) %}
{% endmacro %}


{% macro sparksession__apply_grants(relation, grant_config, should_revoke) %}
    {% if grant_config %}
        {{ exceptions.raise_compiler_error(
            "grants on " ~ relation ~ " cannot be applied: the embedded lakehouse is"
            ~ " files and has no users. Remove `grants` from the model's config, or"
            ~ " protect the folder of the warehouse."
        ) }}
    {% endif %}
{% endmacro %}


{#- A table that becomes a view is dropped only for a query that Spark understands. -#}
{% macro sparksession__handle_existing_table(full_refresh, old_relation) %}
    {% do refuse_grants(old_relation) %}
    {% do adapter.validate_sql(sql) %}
    {% do adapter.drop_relation(old_relation) %}
{% endmacro %}


{#- dbt-spark refuses to drop columns; Iceberg does it. -#}
{% macro sparksession__alter_relation_add_remove_columns(relation, add_columns, remove_columns) %}
    {% if remove_columns %}
        {% do run_query(
            "alter table " ~ relation ~ " drop columns ("
            ~ remove_columns | map(attribute='quoted') | join(', ') ~ ")"
        ) %}
    {% endif %}
    {% if add_columns %}
        {% do spark__alter_relation_add_remove_columns(relation, add_columns, none) %}
    {% endif %}
{% endmacro %}
