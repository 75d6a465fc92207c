with rating_results as (select * from {{ ref('rating_check_history') }}),

recommendation_results as (select * from {{ ref('recommendation_check_history') }}),

{% if var('stream_drift') or var('hold_floods') -%}
    window_results as (select * from {{ ref('window_check_history') }}),

{% endif -%}

results as (
    select {{ check_result_columns('rating_results') }}
    from rating_results
    union all
    select {{ check_result_columns('recommendation_results') }}
    from recommendation_results
    {%- if var('stream_drift') or var('hold_floods') %}
        union all
        select {{ check_result_columns('window_results') }}
        from window_results
    {%- endif %}
)

select * from results
