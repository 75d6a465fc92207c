{#- How much a rating counts by its age: half for each `recency_half_life` of the user's
    ratings that are newer, never less than `recency_floor`. -#}
{% macro recency(newer_count, rating_count) -%}
    greatest(
        power(
            0.5, {{ newer_count }} / ({{ var('recency_half_life') }} * {{ rating_count }})
        ),
        {{ var('recency_floor') }}
    )
{%- endmacro %}
