{#- An array of words as in a sentence: "a", "a and b", "a, b and c". -#}
{% macro listed_in_words(words) -%}
    concat_ws(
        ' and ',
        nullif(array_join(slice({{ words }}, 1, size({{ words }}) - 1), ', '), ''),
        element_at({{ words }}, -1)
    )
{%- endmacro %}
