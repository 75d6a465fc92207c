{#- dbt-spark's, but a temporary view: of an Iceberg table it makes a view by the alias
    alone in whatever schema is current, which snapshots of one alias would share. -#}
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
