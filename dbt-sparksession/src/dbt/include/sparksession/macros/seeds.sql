{#- dbt-core's, but the rows go to Spark in one piece, not as literals, and the table is
    replaced in one step, whatever columns it had. -#}
{% materialization seed, adapter='sparksession' %}
    {% set file_format = config.get('file_format') %}
    {% set existing_relation = load_relation(this) %}
    {% set agate_table = adapter.read_seed(load_agate_table) %}
    {% do store_result('agate_table', response='OK', agate_table=agate_table) %}
    {% if existing_relation and existing_relation.is_view %}
        {{ exceptions.raise_compiler_error(
            "Cannot seed to '" ~ this ~ "', it is a view: drop it, or give the seed an"
            ~ " alias"
        ) }}
    {% endif %}

    {{ run_hooks(pre_hooks) }}

    {% if existing_relation and file_format not in ['iceberg', 'delta'] %}
        {% do adapter.drop_relation(existing_relation) %}
    {% endif %}
    {% set select_sql %}
        select
            {%- for column in agate_table.column_names %}
            cast(
                column_{{ loop.index0 }} as
                {{ config.get('column_types', {}).get(
                    column, adapter.convert_type(agate_table, loop.index0)
                ) }}
            ) as {{ adapter.quote(column | replace('`', '``')) }}{{ ',' if not loop.last }}
            {%- endfor %}
        from {{ adapter.seed_view(this.identifier ~ '__dbt_seed', agate_table) }}
    {% endset %}
    {% set build_sql = create_table_as(False, this, select_sql) %}
    {% call statement() %}
        {{ build_sql }}
    {% endcall %}
    {% set rows = agate_table.rows | length %}
    {% call noop_statement('main', 'INSERT ' ~ rows, 'INSERT', rows) %}
        {{ build_sql }}
    {% endcall %}

    {% set target_relation = this.incorporate(type='table') %}
    {% do apply_grants(target_relation, config.get('grants'), should_revoke=false) %}
    {% do persist_docs(target_relation, model) %}
    {{ run_hooks(post_hooks) }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}
