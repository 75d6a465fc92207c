{#- A title with its article back in front: "American President, The" as it is said. -#}
{% macro article_first(title) -%}
    regexp_replace(
        {{ title }},
        r'^(.+), (The|A|An|Le|La|Les|Il|El|Los|Las|Der|Die|Das|Det|Den)$',
        '$2 $1'
    )
{%- endmacro %}
