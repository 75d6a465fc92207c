{#- dbt-spark's, with two changes. A full refresh replaces an Iceberg table, too:
    dbt-spark drops it first, and a model that fails then leaves nothing. And a Python
    model's intermediate table is dropped with its files. -#}
{% materialization incremental, adapter='sparksession', supported_languages=['sql', 'python'] %}
    {% set file_format = dbt_spark_validate_get_file_format(config.get('file_format', 'parquet')) %}
    {% set strategy = dbt_spark_validate_get_incremental_strategy(
        config.get('incremental_strategy') or 'append', file_format
    ) %}
    {% set partition_by = config.get('partition_by') %}
    {% set language = model['language'] %}
    {% set existing_relation = load_relation(this) %}

    {{ run_hooks(pre_hooks) }}

    {% if existing_relation is none or existing_relation.is_view or should_full_refresh() %}
        {% if existing_relation and not (
            (existing_relation.is_iceberg and file_format == 'iceberg')
            or (existing_relation.is_delta and file_format == 'delta')
        ) %}
            {% do adapter.drop_relation(existing_relation) %}
        {% endif %}
        {% call statement('main', language=language) %}
            {{ create_table_as(False, this, compiled_code, language) }}
        {% endcall %}
        {% do persist_constraints(this, model) %}
    {% else %}
        {% set tmp_relation = existing_relation.incorporate(
            path={'identifier': this.identifier ~ '__dbt_tmp'}
        ) %}
        {% if language == 'sql' %}  {#- a temporary view, which has no schema -#}
            {% set tmp_relation = tmp_relation.include(database=false, schema=false) %}
        {% endif %}
        {% if partition_by and strategy in ['insert_overwrite', 'microbatch'] %}
            {% call statement() %}
                set spark.sql.sources.partitionOverwriteMode = DYNAMIC
            {% endcall %}
        {% endif %}
        {% call statement('create_tmp_relation', language=language) %}
            {{ create_table_as(True, tmp_relation, compiled_code, language) }}
        {% endcall %}
        {% set on_schema_change = incremental_validate_on_schema_change(
            config.get('on_schema_change'), default='ignore'
        ) %}
        {% do process_schema_changes(on_schema_change, tmp_relation, existing_relation) %}
        {% call statement('main') %}
            {{ dbt_spark_get_incremental_sql(
                strategy,
                tmp_relation,
                this,
                existing_relation,
                config.get('unique_key'),
                config.get('predicates') or config.get('incremental_predicates'),
            ) }}
        {% endcall %}
        {% if language == 'python' %}
            {% do adapter.drop_relation(tmp_relation) %}
        {% endif %}
    {% endif %}

    {% do apply_grants(this, config.get('grants'), should_revoke=false) %}
    {% do persist_docs(this, model) %}
    {{ run_hooks(post_hooks) }}
    {{ return({'relations': [this]}) }}
{% endmaterialization %}
