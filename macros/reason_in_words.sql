{#- Why a movie is in a user's list, in words: what the user has rated that adds most
    to its score, or the rule that put it there. -#}
{% macro reason_in_words(source, titles, is_explained, like_count, rule_lines) -%}
    {%- set is_implicit = var('feedback') == 'implicit' -%}
    {%- set ratings = 'events' if is_implicit else 'ratings' -%}
    case
        when {{ source }} = 'popularity'
            then if(
                {{ like_count }} > 0,
                'popular with everybody',
                'next in order of popularity'
            )
        when {{ source }} = 'pin'
            then concat('put here by line ', {{ rule_lines }}[0], ' of the rules')
        when {{ source }} = 'exploration' then 'new, and hardly anybody knows it yet'
        when {{ source }} = 'segment' then 'popular with people like you'
        when size({{ titles }}) > 0
            then concat(
                'because you {{ 'chose' if is_implicit else 'rated' }} ',
                {{ listed_in_words(titles) }}
            )
        when {{ is_explained }} then 'from all your {{ ratings }} together'
        else 'from your {{ ratings }}: {{ var('ranker') }} names none of them'
    end
{%- endmacro %}
