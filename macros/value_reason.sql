{#- Why a text is no value of a type, with the column and the value; null if it is one,
    if it is empty or if the type is string. -#}
{% macro value_reason(text, name, type) -%}
    {%- set limits = {
        'int': [-2147483648, 2147483647],
        'bigint': [-9223372036854775808, 9223372036854775807],
    } -%}
    {%- set way = way_of_id(text) if name in ['userId', 'movieId'] else "''" -%}
    {%- if type in limits -%}
        case
            when {{ text }} not rlike r'^[+-]?\d+$'
                then concat('{{ name }} \'', left({{ text }}, 40), '\' is not a whole number', {{ way }})
            when try_cast({{ text }} as {{ type }}) is null and {{ text }} not like '-%'
                then concat('{{ name }} ', left({{ text }}, 40), ' is above {{ limits[type][1] }}', {{ way }})
            when try_cast({{ text }} as {{ type }}) is null
                then concat('{{ name }} ', left({{ text }}, 40), ' is below {{ limits[type][0] }}', {{ way }})
        end
    {%- elif type == 'double' -%}
        case
            when {{ text }} rlike r'^-?\d+,\d{1,2}$'
                then concat('{{ name }} \'', {{ text }}, '\' is not a number (decimal: "," in columns.yml reads it)')
            when try_cast({{ text }} as double) is null and {{ text }} is not null
                then concat('{{ name }} \'', left({{ text }}, 40), '\' is not a number')
        end
    {%- else -%}
        cast(null as string)
    {%- endif -%}
{%- endmacro %}
