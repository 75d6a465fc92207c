{#- Whether a model is the one that the others of its role have to beat. -#}
{% macro is_baseline_model(role, model) -%}
    (
        ({{ role }} = 'predictor' and {{ model }} = 'bias')
        or ({{ role }} = 'ranker' and {{ model }} = 'popularity')
    )
{%- endmacro %}
