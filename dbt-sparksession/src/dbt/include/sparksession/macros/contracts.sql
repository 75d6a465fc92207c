{#- Iceberg keeps names and types of a contract. The rest is checked here while rows are
    written: a row that breaks a rule fails the statement, which then changes nothing. -#}
{% macro sparksession__create_table_as(temporary, relation, compiled_code, language='sql') %}
    {%- do refuse_grants(relation) -%}
    {%- if config.get('sql_header') -%}
        {{ exceptions.raise_compiler_error(
            "sql_header of " ~ relation ~ " cannot be run: Spark takes one statement at"
            ~ " a time. Put the statement into a `pre_hook`."
        ) }}
    {%- endif -%}
    {%- if language == 'sql' and config.get('contract').enforced -%}
        {#- before a condition names a column, and for rows to merge, too -#}
        {%- do get_assert_columns_equivalent(compiled_code) -%}
        {%- set compiled_code = hold_contract(compiled_code) -%}
    {%- endif -%}
    {{ spark__create_table_as(temporary, relation, compiled_code, language) }}
{%- endmacro %}


{#- Wraps a query: its rows, or an error that names the first row against a rule. The
    first column asks: a filter would be pushed below joins, to rows that are not the
    model's. -#}
{% macro hold_contract(sql) %}
    {%- set rules = adapter.contract_rules(model) -%}
    {%- if rules.unenforced -%}
        {%- do exceptions.warn(rules.unenforced) -%}
    {%- endif -%}
    {%- if not rules.checks -%}
        {{ return(sql) }}
    {%- endif -%}
    {%- set guarded -%}
select
    case
        {%- for check in rules.checks %}
        when not ({{ check.rule }}) then raise_error(concat(
            {{ adapter.text_literal(check.says) }},
            left(to_json(struct({{ rules.columns | join(', ') }})), 300)
        ))
        {%- endfor %}
        else {{ rules.columns[0] }}
    end as {{ rules.columns | join(', ') }}
from (
{{ sql }}
) as contracted
    {%- endset -%}
    {{ return(guarded) }}
{% endmacro %}


{#- Delta holds constraints by itself, too; Iceberg has none. -#}
{% macro sparksession__persist_constraints(relation, model) %}
    {% if adapter.table_format() == 'delta' %}
        {% do spark__persist_constraints(relation, model) %}
    {% endif %}
{% endmacro %}
