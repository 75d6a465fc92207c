{#- Whether a rating has the most stars, or the fewest; never where `feedback` is
    implicit, which has no stars. -#}
{% macro is_extreme(rating, end) -%}
    {%- if var('feedback') == 'implicit' -%}
        false
    {%- elif end == 'top' -%}
        {{ rating }} >= {{ var('rating_max') }}
    {%- else -%}
        {{ rating }} <= {{ var('rating_min') }}
    {%- endif -%}
{%- endmacro %}
