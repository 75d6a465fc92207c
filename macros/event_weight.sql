{#- What an event adds to the user's interest in the item: the weight of its type, a
    number itself, and else 1. -#}
{% macro event_weight(event) -%}
    {%- set weights = [] -%}
    {%- for name, weight in var('event_weights').items() -%}
        {%- set type = name | string | lower | replace('\\', '\\\\') -%}
        {%- set type = type | replace("'", "\\'") -%}
        {%- do weights.append(
            "if(lower(" ~ event ~ ") = '" ~ type ~ "', " ~ weight ~ "D, null)"
        ) -%}
    {%- endfor -%}
    {%- do weights.append('try_cast(' ~ event ~ ' as double)') -%}
    coalesce({{ weights | join(', ') }}, 1)
{%- endmacro %}
