{#- Stop before the first model when the vars of the rating scale contradict. -#}
{% macro assert_scale() %}
    {% set scale = ["rating_min", "rating_max", "like_threshold", "no_preference"] %}
    {% for name in scale if name != "no_preference" or var(name) is not none %}
        {% set value = var(name) %}
        {% if value is not number or value is boolean or not value | abs < 1e9 %}
            {{ exceptions.raise_compiler_error(
                "the var " ~ name ~ " is " ~ value ~ ", which is no number: set it in"
                ~ " dbt_project.yml or --vars, without quotes"
            ) }}
        {% endif %}
    {% endfor %}
    {% if not var('rating_min') < var('rating_max') %}
        {{ exceptions.raise_compiler_error(
            "the var rating_min is " ~ var('rating_min') ~ " and rating_max "
            ~ var('rating_max') ~ ": the scale of the ratings goes from a lower to a"
            ~ " higher number, set both in dbt_project.yml or --vars"
        ) }}
    {% endif %}
    {% if not var('rating_min') <= var('like_threshold') <= var('rating_max') %}
        {{ exceptions.raise_compiler_error(
            "the var like_threshold is " ~ var('like_threshold') ~ ", outside the scale"
            ~ " from rating_min " ~ var('rating_min') ~ " to rating_max "
            ~ var('rating_max') ~ ": set it to the lowest rating that is a like"
        ) }}
    {% endif %}
    {% if var('no_preference') is not none
        and not var('rating_min') <= var('no_preference') < var('rating_max') %}
        {{ exceptions.raise_compiler_error(
            "the var no_preference is " ~ var('no_preference') ~ ", not from rating_min "
            ~ var('rating_min') ~ " to below rating_max " ~ var('rating_max')
            ~ ": set it to the highest rating that says nothing of liking, or to null"
        ) }}
    {% endif %}
{% endmacro %}
