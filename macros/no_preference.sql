{#- A rating up to this says nothing of liking: the var, or a ninth of the way up the
    scale, 1 star of 0.5 to 5; of events 0. -#}
{% macro no_preference() -%}
    {%- if var('feedback') == 'implicit' -%}
        0
    {%- elif var('no_preference') is none -%}
        ({{ var('rating_min') }} + ({{ var('rating_max') }} - {{ var('rating_min') }}) / 9)
    {%- else -%}
        {{ var('no_preference') }}
    {%- endif -%}
{%- endmacro %}
