{#- In one scan of a table: its key, if it has one of its own, is unique and not null, and
    every expression (a SQL condition) holds for every row; null counts as not holding.
    Each failure names what does not hold. -#}
{% test valid_rows(model, key=[], expressions=[]) %}

{%- set conditions = [] -%}
{%- for column in key -%}
    {%- do conditions.append(column ~ ' is not null') -%}
{%- endfor -%}
{%- do conditions.extend(expressions) -%}

with checked_rows as (
    select
        explode(
            array_compact(
                array(
                    {%- for condition in conditions %}
                    case when not coalesce({{ condition }}, false)
                        then "{{ condition | replace('"', "'") }}" end
                    {{- ',' if not loop.last }}
                    {%- endfor %}
                )
            )
        ) as failed_expression
    from {{ model }}
),

{% if key -%}
repeated_keys as (
    select {{ key | join(', ') }}
    from {{ model }}
    group by {{ key | join(', ') }}
    having count(*) > 1
),

{% endif -%}
failures as (
    select
        failed_expression,
        count(*) as failing_rows
    from checked_rows
    group by failed_expression
    {%- if key %}
    union all
    select
        'unique: {{ key | join(", ") }}' as failed_expression,
        count(*) as failing_rows
    from repeated_keys
    having count(*) > 0
    {%- endif %}
)

select * from failures

{% endtest %}
