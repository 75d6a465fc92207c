{#- Overrides dbt-spark's: the model's text, one call of the adapter to write. -#}
{% macro py_write_table(compiled_code, target_relation) %}
{{ compiled_code }}
write_table(
    spark,
    model(dbtObj(spark.table), spark),
    "{{ target_relation }}",
    file_format={{ config.get('file_format') | tojson if config.get('file_format') else 'None' }},
    partition_by={{ config.get('partition_by') | tojson if config.get('partition_by') else 'None' }},
    properties={{ config.get('tblproperties') | tojson if config.get('tblproperties') else 'None' }},
)
{%- endmacro %}
