{#- A prediction moved to the nearest end of the rating scale if it lies outside. -#}
{% macro clip_to_stars(prediction) -%}
    least(greatest({{ prediction }}, {{ var('rating_min') }}), {{ var('rating_max') }})
{%- endmacro %}
