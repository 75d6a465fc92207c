{#- What an event adds to the user's interest in the item: the weight of its type, a
    number itself, and else 1. -#}
{% macro event_weight(event) -%}
    {%- set types = [] -%}
    {%- for name, weight in var('event_weights').items() -%}
        {%- do types.append("'" ~ name | lower | replace("'", "\\'") ~ "'") -%}
        {%- do types.append(weight ~ 'D') -%}
    {%- endfor -%}
    coalesce(
        map({{ types | join(', ') }})[lower({{ event }})],
        try_cast({{ event }} as double),
        1
    )
{%- endmacro %}
