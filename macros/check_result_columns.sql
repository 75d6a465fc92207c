{#- The columns of a check's result, each qualified. -#}
{% macro check_result_columns(table) -%}
    {%- set columns = [
        'invocation_id', 'suite', 'expectation', 'column', 'severity', 'observed',
        'expected', 'success', 'meaning', 'rule_owner', 'remedy', 'rows_sha256',
        'dataset_sha256', 'checked_at',
    ] -%}
    {%- for column in columns %}
        {{ table }}.{{ column }}{{ ',' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
