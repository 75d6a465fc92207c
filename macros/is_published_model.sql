{#- Whether a model is the one that publishes in its role: a predictor and a ranker may
    have the same name. -#}
{% macro is_published_model(role, model) -%}
    (
        ({{ role }} = 'predictor' and {{ model }} = '{{ var("predictor") }}')
        or ({{ role }} = 'ranker' and {{ model }} = '{{ var("ranker") }}')
    )
{%- endmacro %}
