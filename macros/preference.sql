{#- How much a rating says of liking, 0 to 1:
    ((rating − no_preference) / (rating_max − no_preference)) ^ preference_exponent. -#}
{% macro preference(rating) -%}
    power(
        greatest({{ rating }} - {{ no_preference() }}, 0)
        / ({{ var('rating_max') }} - {{ no_preference() }}),
        {{ var('preference_exponent') }}
    )
{%- endmacro %}
