{#- RMSE of a predictor, the mean of a ranker, from sums over what was judged, in a
    relation that has `role`. -#}
{% macro metric_of_sums(total, judged_count) -%}
    if(
        role = 'predictor',
        sqrt({{ total }} / {{ judged_count }}),
        {{ total }} / {{ judged_count }}
    )
{%- endmacro %}
