{#- The share of a movie's landed ratings that have the most stars, or the fewest: so
    many ratings at the share of all movies, the var `stream_prior_ratings`, count along
    with its own; 0 where there are no landed ratings at all. -#}
{% macro usual_share(movie_count, movie_rating_count, share_of_all) -%}
    coalesce(
        ({{ movie_count }} + {{ var('stream_prior_ratings') }} * {{ share_of_all }})
        / ({{ movie_rating_count }} + {{ var('stream_prior_ratings') }}),
        {{ share_of_all }},
        0
    )
{%- endmacro %}
