{#- The alternative titles in brackets at the end of a tidy title, articles in
    front. -#}
{% macro alternative_titles(title) -%}
    transform(
        regexp_extract_all(
            regexp_extract({{ title }}, {{ trailing_brackets() }}, 2),
            r'\(([^()]+)\)',
            1
        ),
        alternative -> {{ article_first(
            "regexp_replace(alternative, '^a[.]?k[.]?a[.]? ', '')"
        ) }}
    )
{%- endmacro %}
