with sums as (select * from {{ ref('int_new_user_sums') }}),

weights as (select * from {{ ref('int_bootstrap_weights') }}),

declared as (select * from {{ ref('declared_models') }}),

weighed_sums as (
    select
        sums.role,
        sums.model,
        sums.uses_demographics,
        sums.shown_ratings,
        sums.segment_kind,
        sums.segment,
        weights.replicate,
        weights.weight * sums.user_count as user_count,
        weights.weight * sums.total as total,
        weights.weight * sums.judged_count as judged_count
    from sums
    inner join weights on sums.bucket = weights.bucket
    union all
    -- replicate 0 is the users as they are
    select
        role,
        model,
        uses_demographics,
        shown_ratings,
        segment_kind,
        segment,
        0 as replicate,
        user_count,
        total,
        judged_count
    from sums
),

replicates as (
    select
        role,
        model,
        uses_demographics,
        shown_ratings,
        segment_kind,
        segment,
        replicate,
        sum(user_count) as user_count,
        sum(judged_count) as judged_count,
        {{ metric_of_sums('sum(total)', 'sum(judged_count)') }} as metric_value
    from weighed_sums
    group by
        role,
        model,
        uses_demographics,
        shown_ratings,
        segment_kind,
        segment,
        replicate
),

compared_replicates as (
    select
        replicates.role,
        replicates.model,
        replicates.uses_demographics,
        replicates.shown_ratings,
        replicates.segment_kind,
        replicates.segment,
        replicates.replicate,
        replicates.user_count,
        replicates.judged_count,
        replicates.metric_value,
        max(
            if(
                declared.is_baseline and not replicates.uses_demographics,
                replicates.metric_value,
                null
            )
        ) over (
            partition by
                replicates.role,
                replicates.shown_ratings,
                replicates.segment_kind,
                replicates.segment,
                replicates.replicate
        ) as baseline_value,
        max(
            if(replicates.uses_demographics, null, replicates.metric_value)
        ) over (
            partition by
                replicates.role,
                replicates.model,
                replicates.shown_ratings,
                replicates.segment_kind,
                replicates.segment,
                replicates.replicate
        ) as plain_value
    from replicates
    left join declared
        on
            replicates.role = declared.role
            and replicates.model = declared.model
),

new_user_gains as (
    select
        role,
        model,
        uses_demographics,
        shown_ratings,
        segment_kind,
        segment,
        replicate,
        user_count,
        judged_count,
        metric_value,
        {{ gain_over('baseline_value') }} as gain_over_baseline,
        if(uses_demographics, {{ gain_over('plain_value') }}, null)
            as gain_of_demographics
    from compared_replicates
)

select * from new_user_gains
