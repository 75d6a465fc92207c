{#- Cross-database macros that dbt-spark wrote for Spark 2 and without ANSI mode: with it,
    a part that is not there or a bad cast raises, and so do its own detours. -#}

{% macro sparksession__split_part(string_text, delimiter_text, part_number) %}
    split_part({{ string_text }}, {{ delimiter_text }}, {{ part_number }})
{%- endmacro %}


{#- null where the value does not fit; arrays, maps and structs cannot be cast from text,
    so theirs is taken for an expression. -#}
{% macro sparksession__safe_cast(field, type) %}
    {%- set is_nested = cast_from_string_unsupported_for(type) and field is string -%}
    try_cast({{ field.strip('"').strip("'") if is_nested else field }} as {{ type }})
{%- endmacro %}


{% macro sparksession__dateadd(datepart, interval, from_date_or_timestamp) %}
    timestampadd(
        {{ datepart }},
        cast({{ interval }} as int),
        to_timestamp({{ from_date_or_timestamp }})
    )
{%- endmacro %}


{#- How many boundaries lie between; a week begins on Sunday, as in dbt-spark. -#}
{% macro sparksession__datediff(first_date, second_date, datepart) %}
    {%- set shift = " + interval 1 day" if datepart == 'week' else "" -%}
    timestampdiff(
        {{ datepart }},
        date_trunc('{{ datepart }}', to_timestamp({{ first_date }}){{ shift }}),
        date_trunc('{{ datepart }}', to_timestamp({{ second_date }}){{ shift }})
    )
{%- endmacro %}


{% macro sparksession__bool_or(expression) %}
    bool_or({{ expression }})
{%- endmacro %}


{#- In order, unlike dbt-spark's; the limit cuts at a character that no text holds. -#}
{% macro sparksession__listagg(measure, delimiter_text, order_by_clause, limit_num) %}
    {%- set order = "within group (" ~ order_by_clause ~ ")" if order_by_clause else "" -%}
    {%- if limit_num -%}
        array_join(
            slice(split(listagg({{ measure }}, '\u0001') {{ order }}, '\u0001'), 1, {{ limit_num }}),
            {{ delimiter_text }}
        )
    {%- else -%}
        listagg({{ measure }}, {{ delimiter_text }}) {{ order }}
    {%- endif -%}
{%- endmacro %}
