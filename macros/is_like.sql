{#- Whether a rating is a like: at least `like_threshold`, or events that add up to more
    than nothing. -#}
{% macro is_like(rating) -%}
    {%- if var('feedback') == 'implicit' -%}
        {{ rating }} > 0
    {%- else -%}
        {{ rating }} >= {{ var('like_threshold') }}
    {%- endif -%}
{%- endmacro %}
