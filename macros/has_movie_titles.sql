{#- 'true' if titles are those of movies, in the way of MovieLens: the var `titles`,
    or, where that is auto, whether items are movies. -#}
{% macro has_movie_titles() -%}
    {{- 'true' if var('titles') == 'movielens'
        or var('titles') == 'auto' and var('item_noun') == 'movie' else 'false' -}}
{%- endmacro %}
