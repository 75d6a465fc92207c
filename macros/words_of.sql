{#- The words of a text in small letters, as an array: letters and digits of any script
    between other signs, and each ideograph by itself, because no spaces are between them. -#}
{% macro words_of(text) -%}
    regexp_extract_all(
        lower({{ text }}),
        r'\p{IsHan}|[\p{L}\p{M}\p{N}&&[^\p{IsHan}]]+',
        0
    )
{%- endmacro %}
