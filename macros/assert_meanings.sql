{#- Stop before the first model when vars that take one of some words mean nothing. -#}
{% macro assert_meanings() %}
    {% if var('feedback') not in ['explicit', 'implicit'] %}
        {{ exceptions.raise_compiler_error(
            "the var feedback is " ~ var('feedback') ~ ", neither explicit nor implicit:"
            ~ " set it in dbt_project.yml or --vars"
        ) }}
    {% endif %}
    {% if var('titles') not in ['auto', 'movielens', 'plain'] %}
        {{ exceptions.raise_compiler_error(
            "the var titles is " ~ var('titles') ~ ", none of auto, movielens and plain:"
            ~ " set it in dbt_project.yml or --vars"
        ) }}
    {% endif %}
    {% if var('ranking_split') not in ['temporal', 'random', 'last_out'] %}
        {{ exceptions.raise_compiler_error(
            "the var ranking_split is " ~ var('ranking_split') ~ ", none of temporal,"
            ~ " random and last_out: set it in dbt_project.yml or --vars"
        ) }}
    {% endif %}
    {% for event, weight in var('event_weights').items() %}
        {% if weight is not number or weight is boolean or not weight | abs < 1e6 %}
            {{ exceptions.raise_compiler_error(
                "the var event_weights gives " ~ event ~ " the weight " ~ weight
                ~ ", which is no number below a million: set one, without quotes"
            ) }}
        {% endif %}
    {% endfor %}
{% endmacro %}
