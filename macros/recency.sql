{#- How much a rating counts by its age: half for each `recency_half_life` of the user's
    ratings that are newer, never less than `recency_floor`. -#}
{% macro recency(newer_count, rating_count) -%}
    {%- set half_life = var('recency_half_life') -%}
    {%- if var('feedback') == 'implicit' -%}
        {%- set of_events = var('event_settings') -%}
        {%- set half_life = of_events.get('recency_half_life', half_life) -%}
    {%- endif -%}
    greatest(
        power(0.5, {{ newer_count }} / ({{ half_life }} * {{ rating_count }})),
        {{ var('recency_floor') }}
    )
{%- endmacro %}
