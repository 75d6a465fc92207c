{#- dbt-spark's, with three changes. A full refresh replaces an Iceberg table, too:
    dbt-spark drops it first, and a model that fails then leaves nothing. A Python
    model's intermediate table is dropped with its files. And a batch of an Iceberg table
    replaces the rows of its time, whatever the partitions are. -#}
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
        {% set replaces_batch = strategy == 'microbatch' and existing_relation.is_iceberg %}
        {% if partition_by and strategy in ['insert_overwrite', 'microbatch'] and not replaces_batch %}
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
            {{ replace_batch_sql(tmp_relation, this) if replaces_batch
                else dbt_spark_get_incremental_sql(
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
    {{ return({'relations': [this.incorporate(type='table')]}) }}
{% endmaterialization %}


{#- One commit, which swaps the files of a batch and leaves all others alone. Overwriting
    partitions instead would keep the rows of a batch that is empty now, and lose those
    beside it in partitions that are larger. -#}
{% macro replace_batch_sql(source_relation, target_relation) %}
    {% set columns = adapter.get_columns_in_relation(target_relation) %}
    {% set written = columns_to_write(source_relation, target_relation)
        | map(attribute='name') | list %}
    {% set event_time = config.get('event_time') %}
    {% set types = {} %}
    {% for column in columns %}
        {% do types.update({column.name | lower: column.dtype}) %}
    {% endfor %}
    {% set type = types.get(event_time | replace('`', '') | lower, 'timestamp') %}
    insert into {{ target_relation }}
    replace where {{ event_time }} >= cast(
        timestamp '{{ model.batch.event_time_start }}' as {{ type }}
    ) and {{ event_time }} < cast(
        timestamp '{{ model.batch.event_time_end }}' as {{ type }}
    )
    select
        {%- for column in columns %}
        {{ column.quoted if column.name in written else 'null' }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ source_relation }}
{% endmacro %}


{#- dbt-spark's, but with `on_schema_change: append_new_columns` a column that the model
    has no longer stays, with nulls in new rows. -#}
{% macro get_insert_into_sql(source_relation, target_relation) %}
    {% set columns = columns_to_write(source_relation, target_relation)
        | map(attribute='quoted') | join(', ') %}
    insert into {{ target_relation }} ({{ columns }})
    select {{ columns }} from {{ source_relation }}
{% endmacro %}


{#- dbt-spark's, with the same change. -#}
{% macro sparksession__get_merge_sql(target, source, unique_key, dest_columns, incremental_predicates) %}
    {% set columns = columns_to_write(source, target) %}
    {% set updated = get_merge_update_columns(
        config.get('merge_update_columns'), config.get('merge_exclude_columns'), columns
    ) or columns | map(attribute='quoted') | list %}
    {% set conditions = (incremental_predicates or []) + [] %}
    {% for key in ([unique_key] if unique_key is string else unique_key or []) %}
        {% do conditions.append(
            "dbt_internal_source." ~ key ~ " = dbt_internal_dest." ~ key
        ) %}
    {% endfor %}
    merge into {{ target }} as dbt_internal_dest
    using {{ source }} as dbt_internal_source
    on {{ conditions | join(' and ') if unique_key else 'false' }}
    when matched then update set
        {% for column in updated %}
        {{ column }} = dbt_internal_source.{{ column }}{{ ',' if not loop.last }}
        {% endfor %}
    when not matched then insert (
        {{ columns | map(attribute='quoted') | join(', ') }}
    ) values (
        {% for column in columns %}
        dbt_internal_source.{{ column.quoted }}{{ ',' if not loop.last }}
        {% endfor %}
    )
{% endmacro %}


{#- The columns of a table that a model writes. -#}
{% macro columns_to_write(source, target) %}
    {% set columns = adapter.get_columns_in_relation(target) %}
    {% if config.get('on_schema_change') != 'append_new_columns' %}
        {{ return(columns) }}
    {% endif %}
    {% set names = adapter.get_columns_in_relation(source) | map(attribute='name') | list %}
    {{ return(columns | selectattr('name', 'in', names) | list) }}
{% endmacro %}
