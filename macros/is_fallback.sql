{#- Whether a row is no choice of the ranker's for this user: it is popular, with
    everybody or with people like the user. -#}
{% macro is_fallback(source) -%}
    {{ source }} in ('segment', 'popularity')
{%- endmacro %}
