with rating_results as (select * from {{ ref('rating_check_history') }}),

recommendation_results as (select * from {{ ref('recommendation_check_history') }}),

results as (
    select {{ check_result_columns('rating_results') }}
    from rating_results
    union all
    select {{ check_result_columns('recommendation_results') }}
    from recommendation_results
)

select * from results
