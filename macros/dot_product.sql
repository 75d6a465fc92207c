{#- The dot product of two arrays of numbers of equal length, as double. -#}
{% macro dot_product(left, right) -%}
    aggregate(
        zip_with({{ left }}, {{ right }}, (x, y) -> cast(x as double) * y),
        cast(0 as double),
        (total, product) -> total + product
    )
{%- endmacro %}
