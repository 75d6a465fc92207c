{#- dbt-core's, where dbt-spark's leaves the keys of a list of keys behind as columns, wants
    every column of the table in the source, and looks no further for deletions. -#}
{% materialization snapshot, adapter='sparksession' %}
    {% set file_format = config.get('file_format') or adapter.table_format() or 'parquet' %}
    {% if file_format not in ['iceberg', 'delta'] %}
        {{ exceptions.raise_compiler_error(
            "Invalid file format: " ~ file_format ~ " cannot change the rows of the"
            ~ " snapshot " ~ this ~ ". Set `snapshots: {+file_format: iceberg}` in"
            ~ " dbt_project.yml"
        ) }}
    {% endif %}
    {% set exists, target_relation = get_or_create_relation(
        database=none, schema=this.schema, identifier=this.identifier, type='table'
    ) %}
    {% if not target_relation.is_table %}
        {% do exceptions.relation_wrong_type(target_relation, 'table') %}
    {% endif %}

    {{ run_hooks(pre_hooks) }}

    {% set strategy = strategy_dispatch(config.get('strategy'))(
        model, 'snapshotted_data', 'source_data', model['config'], exists
    ) %}
    {% if not exists %}
        {% set build_sql = create_table_as(
            False, target_relation, build_snapshot_table(strategy, compiled_code)
        ) %}
    {% else %}
        {% do adapter.assert_valid_snapshot_target_given_strategy(
            target_relation, snapshot_columns(), strategy
        ) %}
        {% set staging_relation = spark_build_snapshot_staging_table(
            strategy, compiled_code, target_relation
        ) %}
        {% set of_dbt = ['dbt_change_type', 'dbt_unique_key'] %}
        {% for key in strategy.unique_key if strategy.unique_key is not string %}
            {% do of_dbt.append('dbt_unique_key_' ~ loop.index) %}
        {% endfor %}
        {% do create_columns(
            target_relation,
            adapter.get_missing_columns(staging_relation, target_relation)
            | rejectattr('name', 'in', of_dbt) | list
        ) %}
        {% set columns = adapter.get_columns_in_relation(staging_relation)
            | rejectattr('name', 'in', of_dbt) | map(attribute='quoted') | list %}
        {% set build_sql = snapshot_merge_sql(target_relation, staging_relation, columns) %}
    {% endif %}
    {% call statement('main') %}
        {{ build_sql }}
    {% endcall %}
    {% if exists %}
        {% do post_snapshot(staging_relation) %}
    {% endif %}

    {% do apply_grants(target_relation, config.get('grants'), should_revoke=false) %}
    {% do persist_docs(target_relation, model) %}
    {{ run_hooks(post_hooks) }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}


{#- The names of dbt's own columns in this snapshot. -#}
{% macro snapshot_columns() %}
    {{ return(
        config.get('snapshot_table_column_names') or get_snapshot_table_column_names()
    ) }}
{% endmacro %}


{#- A temporary view: dbt-spark makes one of an Iceberg table by the alias alone in
    whatever schema is current, which snapshots of one alias would share. -#}
{% macro spark_build_snapshot_staging_table(strategy, sql, target_relation) %}
    {% set staging_relation = api.Relation.create(
        identifier=target_relation.identifier ~ '__dbt_tmp', type='view'
    ) %}
    {% call statement('build_snapshot_staging_relation') %}
        {{ create_temporary_view(
            staging_relation, snapshot_staging_table(strategy, sql, target_relation)
        ) }}
    {% endcall %}
    {% do return(staging_relation) %}
{% endmacro %}


{#- dbt-core's, but a row that was deleted and is back as it was, with its old
    `updated_at`, gets an id of its own and is valid from now on: with the id of its
    first record dbt-core's merge takes it for that one, and it is lost. -#}
{% macro sparksession__snapshot_staging_table(strategy, source_sql, target_relation) %}
    {% set staged_sql = default__snapshot_staging_table(strategy, source_sql, target_relation) %}
    {% if strategy.hard_deletes == 'ignore' or not config.get('updated_at') %}
        {{ return(staged_sql) }}
    {% endif %}
    {% set columns = snapshot_columns() %}
    {% set id, valid_from = columns.dbt_scd_id, columns.dbt_valid_from %}
    {% set is_back = "dbt_change_type = 'insert' and earlier.dbt_earlier_id is not null" %}
    with dbt_staged as (
        {{ staged_sql }}
    )

    select
        dbt_staged.* except ({{ id }}, {{ valid_from }}),
        if({{ is_back }}, {{ snapshot_get_time() }}, {{ valid_from }}) as {{ valid_from }},
        if(
            {{ is_back }},
            {{ snapshot_hash_arguments([id, snapshot_get_time()]) }},
            {{ id }}
        ) as {{ id }}
    from dbt_staged
    left join (
        select distinct {{ id }} as dbt_earlier_id from {{ target_relation }}
    ) as earlier
        on dbt_staged.{{ id }} = earlier.dbt_earlier_id
{% endmacro %}


{% macro sparksession__snapshot_merge_sql(target, source, insert_cols) %}
    {% set columns = snapshot_columns() %}
    merge into {{ target }} as dbt_internal_dest
    using {{ source }} as dbt_internal_source
    on dbt_internal_source.{{ columns.dbt_scd_id }} = dbt_internal_dest.{{ columns.dbt_scd_id }}
    when matched
        and dbt_internal_source.dbt_change_type in ('update', 'delete')
        and (
            dbt_internal_dest.{{ columns.dbt_valid_to }} is null
            {% if config.get('dbt_valid_to_current') %}
            or dbt_internal_dest.{{ columns.dbt_valid_to }} = {{ config.get('dbt_valid_to_current') }}
            {% endif %}
        )
        then update
        set {{ columns.dbt_valid_to }} = dbt_internal_source.{{ columns.dbt_valid_to }}
    when not matched and dbt_internal_source.dbt_change_type = 'insert'
        then insert ({{ insert_cols | join(', ') }})
        values (
            {%- for column in insert_cols %}
            dbt_internal_source.{{ column }}{{ ', ' if not loop.last }}
            {%- endfor %}
        )
{% endmacro %}


{#- dbt-core's macros ask for columns, which dbt-spark's macro answers with rows. -#}
{% macro sparksession__get_columns_in_relation(relation) %}
    {{ return(adapter.get_columns_in_relation(relation)) }}
{% endmacro %}
