{#- The predictor that publishes stars: the var, none where events have no stars. -#}
{% macro predictor_name() -%}
    {{- 'none' if var('feedback') == 'implicit' else var('predictor') -}}
{%- endmacro %}
