{#- Discounted cumulative gain of a list that begins with so many relevant movies. -#}
{% macro ideal_dcg(hit_count) -%}
    aggregate(
        sequence(1, {{ hit_count }}),
        cast(0 as double),
        (total, place) -> total + 1 / log2(place + 1)
    )
{%- endmacro %}
