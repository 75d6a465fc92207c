{#- Comments as they were written: dbt-spark escapes quotes alone, knows no comments of
    seeds' columns or Python models, and alters one column at a time. -#}
{% macro sparksession__comment_clause() %}
    {%- if config.persist_relation_docs() and model.description %}
    comment {{ adapter.text_literal(model.description) }}
    {%- endif -%}
{% endmacro %}


{#- Overrides dbt-spark's: a column of a view. -#}
{% macro get_column_comment_sql(column_name, column_dict) %}
    {%- set described = [] -%}
    {%- for name, column in column_dict.items()
        if name | lower == column_name | lower and column.description -%}
        {%- do described.append(adapter.text_literal(column.description)) -%}
    {%- endfor -%}
    {{ adapter.quote(column_name) }}{{ " comment " ~ described[0] if described }}
{%- endmacro %}


{% macro sparksession__persist_docs(relation, model, for_relation, for_columns) %}
    {% if for_relation and config.persist_relation_docs() and model.description
        and adapter.comments_of(relation).relation != model.description %}
        {% do run_query(
            "comment on table " ~ relation ~ " is " ~ adapter.text_literal(model.description)
        ) %}
    {% endif %}
    {% if for_columns and config.persist_column_docs() and model.columns %}
        {% do alter_column_comment(relation, validate_doc_columns(
            relation, model.columns, adapter.comments_of(relation).columns | list
        )) %}
    {% endif %}
{% endmacro %}


{#- Iceberg changes all columns in one statement, and one commit. -#}
{% macro sparksession__alter_column_comment(relation, column_dict) %}
    {% set current = {} %}
    {% for name, comment in adapter.comments_of(relation).columns.items() %}
        {% do current.update({name | lower: comment}) %}
    {% endfor %}
    {% set changes = [] %}
    {% for name, column in column_dict.items()
        if column.description and column.description != current[name | lower] %}
        {% do changes.append(
            adapter.quote(name) ~ " comment " ~ adapter.text_literal(column.description)
        ) %}
    {% endfor %}
    {% if changes and adapter.table_format() == 'iceberg' %}
        {% set changes = [changes | join(', ')] %}
    {% endif %}
    {% for change in changes %}
        {% do run_query("alter table " ~ relation ~ " alter column " ~ change) %}
    {% endfor %}
{% endmacro %}


{% macro sparksession__create_view_as(relation, sql) %}
    {%- do refuse_grants(relation) -%}
    {%- if config.persist_column_docs() and model.columns -%}
        {%- do validate_doc_columns(relation, model.columns, get_columns_in_query(sql)) -%}
    {%- endif -%}
    {{ spark__create_view_as(relation, sql) }}
{%- endmacro %}
