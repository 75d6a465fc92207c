{#- Why a line's rating and its time are none: branches of a case. -#}
{% macro rating_reasons() -%}
    {% if var('feedback') == 'implicit' -%}
        when rating is null then 'no event'
        when isnan(rating) or abs(rating) >= 1000000
            then concat('event ', rating, ' is no number below a million')
    {%- else -%}
        when rating is null then 'no rating'
        when isnan(rating) then 'rating is not a number'
        when
            rating not between {{ var('rating_min') }}
            and {{ var('rating_max') }}
            then concat(
                'rating ',
                rating,
                ' is outside {{ var('rating_min') }} to {{ var('rating_max') }}'
            )
    {%- endif %}
    when rated_at is null then 'no timestamp'
    when {{ is_implausible_time('rated_at') }}
        then concat(
            'timestamp ', rated_at, ' is outside 1970 to 2099 in seconds'
        )
{%- endmacro %}
