{#- How much a rating says of liking, 0 to 1:
    ((rating − no_preference) / (rating_max − no_preference)) ^ preference_exponent.
    Of events with the sum w it is log2(1 + w), as in Hu, Koren and Volinsky 2008, and
    below 0 where w is. -#}
{% macro preference(rating) -%}
    {%- if var('feedback') == 'implicit' -%}
        sign({{ rating }}) * log2(1 + abs({{ rating }}))
    {%- else -%}
        power(
            greatest({{ rating }} - {{ no_preference() }}, 0)
            / ({{ var('rating_max') }} - {{ no_preference() }}),
            {{ var('preference_exponent') }}
        )
    {%- endif -%}
{%- endmacro %}
