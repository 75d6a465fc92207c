{#- Stop before the first model when a var of the windows of the stream is not what it
    takes. -#}
{% macro assert_stream_settings() %}
    {% for name in ['hold_floods', 'stream_drift'] if var(name) is not boolean %}
        {{ exceptions.raise_compiler_error(
            "the var " ~ name ~ " is " ~ var(name) ~ ": it takes true or false; set it in "
            ~ "dbt_project.yml or --vars, without quotes"
        ) }}
    {% endfor %}
    {% set settings = {
        'stream_flood_user_ratings': (1, 1e9, 'a whole number of ratings, 1 or more'),
        'stream_flood_user_seconds': (1, 1e6, 'a whole number of seconds, 1 to 1000000'),
        'stream_flood_movie_ratings': (1, 1e9, 'a whole number of ratings, 1 or more'),
        'stream_flood_movie_seconds': (1, 1e6, 'a whole number of seconds, 1 to 1000000'),
        'stream_checked_hours': (1, 1e6, 'a whole number of hours, 1 or more'),
        'stream_flood_share': (0, 1, 'a share of the way to 1, from 0 to 1'),
        'stream_prior_ratings': (1e-9, 1e9, 'a number of ratings above 0'),
    } %}
    {% for name, (least, most, takes) in settings.items() %}
        {% set value = var(name) %}
        {% if value is not number or value is boolean or not least <= value <= most
            or ('whole' in takes and value is not integer) %}
            {{ exceptions.raise_compiler_error(
                "the var " ~ name ~ " is " ~ value ~ ": it takes " ~ takes
                ~ "; set it in dbt_project.yml or --vars, without quotes"
            ) }}
        {% endif %}
    {% endfor %}
{% endmacro %}
