{#- The two decades that a year is in, as an array of terms: one that starts with a year
    that ends in 0 and one in 5, so that years that are close have at least one in common. -#}
{% macro decades_of(year) -%}
    transform(
        if({{ year }} is null, array(), array(0, 5)),
        start -> concat(
            'year:',
            {{ year }} - pmod({{ year }} - start, 10),
            '-',
            {{ year }} - pmod({{ year }} - start, 10) + 9
        )
    )
{%- endmacro %}
