{#- A title with its article back in front: "American President, The" as it is said. -#}
{% macro article_first(title) -%}
    regexp_replace(
        regexp_replace({{ title }}, r"^(.+), (L')$", '$2$1'),
        r'^(.+), (The|A|An|La|Le|Les|Il|Lo|I|El|Los|Las|Der|Die|Das|De|Det|Den|En|Un|Une|Una)$',
        '$2 $1'
    )
{%- endmacro %}
