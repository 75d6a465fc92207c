{#- The rows that a model's table had before this run; none before its first one, or if
    they are not wanted: for models that compare a build with the one before,
    which ref() cannot say. -#}
{% macro last_build_of(model_name, columns, is_wanted=true) -%}
    {%- set relation = none -%}
    {%- if execute and is_wanted and not flags.EMPTY -%}
        {%- set relation = adapter.get_relation(
            this.database, this.schema, model_name
        ) -%}
    {%- endif -%}
    {%- if relation is not none and relation.is_view -%}
        {#- it has no rows of its own -#}
        {%- set relation = none -%}
    {%- endif %}
    select
    {%- for name, type in columns.items() %}
        {{ 'try_cast(' ~ name if relation else 'cast(null' }} as {{ type }}) as {{ name }}
        {{- ',' if not loop.last }}
    {%- endfor %}
    {{ 'from ' ~ relation if relation else 'where false' }}
{%- endmacro %}
