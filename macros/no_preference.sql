{#- A rating up to this says nothing of liking: the var, or a ninth of the way up the
    scale, 1 star of 0.5 to 5; of events 0. In doubles: the
    ranker's file has the same number. -#}
{% macro no_preference() -%}
    {%- if var('feedback') == 'implicit' -%}
        0
    {%- elif var('no_preference') is none -%}
        {%- set least, most = var('rating_min') ~ 'D', var('rating_max') ~ 'D' -%}
        ({{ least }} + ({{ most }} - {{ least }}) / 9)
    {%- else -%}
        {{ var('no_preference') }}
    {%- endif -%}
{%- endmacro %}
