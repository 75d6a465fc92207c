{#- One scan a table: its key is unique and not null, and every truth (a SQL condition)
    holds for every row; null counts as not holding. Each failure names what is broken. -#}
{% test sound_rows(model, key, truths=[]) %}

{%- set all_truths = [] -%}
{%- for column in key -%}
    {%- do all_truths.append(column ~ ' is not null') -%}
{%- endfor -%}
{%- do all_truths.extend(truths) -%}

with judged_rows as (
    select
        explode(
            array_compact(
                array(
                    {%- for truth in all_truths %}
                    case when not coalesce({{ truth }}, false)
                        then "{{ truth | replace('"', "'") }}" end
                    {{- ',' if not loop.last }}
                    {%- endfor %}
                )
            )
        ) as broken_truth
    from {{ model }}
),

repeated_keys as (
    select {{ key | join(', ') }}
    from {{ model }}
    group by {{ key | join(', ') }}
    having count(*) > 1
),

failures as (
    select
        broken_truth,
        count(*) as failing_rows
    from judged_rows
    group by broken_truth
    union all
    select
        'unique: {{ key | join(", ") }}' as broken_truth,
        count(*) as failing_rows
    from repeated_keys
    having count(*) > 0
)

select * from failures

{% endtest %}
