{#- A prediction moved to the nearest end of the rating scale if it lies outside;
    null where there is no number, so that tests see it. -#}
{% macro clip_to_stars(prediction) -%}
    case
        when isnan({{ prediction }}) then null
        when {{ prediction }} < {{ var('rating_min') }} then {{ var('rating_min') }}
        when {{ prediction }} > {{ var('rating_max') }} then {{ var('rating_max') }}
        else {{ prediction }}
    end
{%- endmacro %}
