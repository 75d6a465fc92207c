with checks as (select * from {{ ref('window_checks') }}),

earlier_results as (
    {{ earlier_check_results('window_checks') }}
),

results as (
    select {{ check_result_columns('checks') }}
    from checks
    left anti join earlier_results
        on checks.invocation_id = earlier_results.invocation_id
    {%- if not is_incremental() %}
        union all
        select {{ check_result_columns('earlier_results') }}
        from earlier_results
    {%- endif %}
)

select * from results
