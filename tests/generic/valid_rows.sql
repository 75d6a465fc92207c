{#- In one scan of a table: its key, if it has one of its own, is unique and not null, and
    every expression (a SQL condition) holds for every row; null counts as not holding.
    Each failure names what does not hold, and for how many rows; those of one key count
    once. -#}
{% test valid_rows(model, key=[], expressions=[]) %}

{%- set conditions = [] -%}
{%- for column in key -%}
    {%- do conditions.append(column ~ ' is not null') -%}
{%- endfor -%}
{%- do conditions.extend(expressions) -%}

-- a bit for each expression, which is set where it does not hold
with checked_rows as (
    select
        {% for column in key -%}
            {{ column }} as key_{{ loop.index }},
        {% endfor -%}
        {% for condition in conditions -%}
            if(coalesce({{ condition }}, false), 0L, {{ 2 ** loop.index0 }}L)
            {{ '|' if not loop.last }}
        {% endfor -%}
        as failed_bits
    from {{ model }}
),

{% if key -%}
rows_by_key as (
    select
        count(*) as row_count,
        bit_or(failed_bits) as failed_bits
    from checked_rows
    group by
        {% for column in key -%}
            key_{{ loop.index }}{{ ', ' if not loop.last }}
        {%- endfor %}
),

{% endif -%}
failures as (
    select
        inline(
            array(
                {% for condition in conditions -%}
                    named_struct(
                        'failed_expression', "{{ condition | replace('"', "'") }}",
                        'failing_rows', count_if(failed_bits & {{ 2 ** loop.index0 }}L > 0)
                    )
                    {{- ',' if key or not loop.last }}
                {% endfor -%}
                {% if key -%}
                    named_struct(
                        'failed_expression', 'unique: {{ key | join(", ") }}',
                        'failing_rows', count_if(row_count > 1)
                    )
                {%- endif %}
            )
        )
    from {{ 'rows_by_key' if key else 'checked_rows' }}
)

select * from failures
where failing_rows > 0

{% endtest %}
