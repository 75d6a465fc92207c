{#- A regular expression: "The", the name of a series, the number of a part, and what
    stands behind a colon, a dash or "and the"; all but the name may be missing. -#}
{% macro title_of_a_series() -%}
    r'^(?:The )?(.+?)(?:,? (?:(?:Part|Chapter|Episode|Volume|Vol[.]) )?(?:[0-9][0-9/ ]*|[IVX]+))?(?:: .*| - .*| and the .*)?$'
{%- endmacro %}
