{#- What an event adds to the user's interest in the item: the weight of its type, a
    number itself, and else 1. -#}
{% macro event_weight(event) -%}
    {%- set weights = {} -%}
    {%- for name, weight in var('event_weights').items() -%}
        {%- set type = name | string | lower | replace('\\', '\\\\') -%}
        {%- do weights.update({type | replace("'", "\\'"): weight}) -%}
    {%- endfor -%}
    coalesce(
        {%- for type, weight in weights.items() %}
            if(lower({{ event }}) = '{{ type }}', {{ weight }}D, null),
        {%- endfor %}
        try_cast({{ event }} as double),
        1
    )
{%- endmacro %}
