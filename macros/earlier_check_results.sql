{#- The results of a check model from earlier builds: what is in its history, or, before
    there is one, in the table data_quality_results, which is a view since. Where neither
    is there although the view is, the history was dropped, and a warning says so. -#}
{% macro earlier_check_results(check_model) -%}
    {%- set relation = this if is_incremental() else none -%}
    {%- if execute and not is_incremental() -%}
        {%- set results = adapter.get_relation(
            this.database, this.schema, 'data_quality_results'
        ) -%}
        {%- if results is not none and not results.is_view -%}
            {%- set relation = results -%}
        {%- elif results is not none -%}
            {%- do exceptions.warn(
                this ~ " was dropped: the history of these checks starts anew"
            ) -%}
        {%- endif -%}
    {%- endif -%}
    {%- if relation is not none -%}
        select * from {{ relation }}
        where suite = '{{ check_model | replace('_checks', 's') }}'
    {%- else -%}
        select * from {{ ref(check_model) }}
        where false
    {%- endif %}
{%- endmacro %}
