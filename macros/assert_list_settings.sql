{#- Stop before the first model when a var of lists is no number in its range. -#}
{% macro assert_list_settings() %}
    {% set settings = {
        'exploration_share': (1, 'a share of the places of lists, from 0 to 1'),
        'exploration_max_ratings': (1e9, 'a number of ratings, 0 or more'),
        'diversity': (100, 'a number of standard deviations, from 0 to 100'),
    } %}
    {% for name, (most, takes) in settings.items() %}
        {% set value = var(name) %}
        {% if value is not number or value is boolean or not 0 <= value <= most %}
            {{ exceptions.raise_compiler_error(
                "the var " ~ name ~ " is " ~ value ~ ": it takes " ~ takes
                ~ "; set it in dbt_project.yml or --vars, without quotes"
            ) }}
        {% endif %}
    {% endfor %}
{% endmacro %}
