{#- The share of the rows for which a condition is true, of those for which it is not
    null; null where they are fewer than `share_check_min_users`. -#}
{% macro judged_share(condition) -%}
    if(
        count({{ condition }}) >= {{ var('share_check_min_users') }},
        try_divide(count_if({{ condition }}), count({{ condition }})),
        null
    )
{%- endmacro %}
