{#- The series that a movie's title names: what stands before a number, a part, a colon,
    a dash or "and the", without "The" in front; of another title all of it. -#}
{% macro franchise(title) -%}
    coalesce(
        nullif(regexp_extract({{ title }}, {{ title_of_a_series() }}, 1), ''), {{ title }}
    )
{%- endmacro %}
