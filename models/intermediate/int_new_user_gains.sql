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
        if(
            role = 'predictor',
            sqrt(sum(total) / sum(judged_count)),
            sum(total) / sum(judged_count)
        ) as metric_value,
        -- of an error less is better
        if(role = 'predictor', -1, 1) as direction
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

new_user_gains as (
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
        replicates.direction * replicates.metric_value
        - max(
            if(
                declared.is_baseline and not replicates.uses_demographics,
                replicates.direction * replicates.metric_value,
                null
            )
        ) over (
            partition by
                replicates.role,
                replicates.shown_ratings,
                replicates.segment_kind,
                replicates.segment,
                replicates.replicate
        ) as gain_over_baseline,
        if(
            replicates.uses_demographics,
            replicates.direction * replicates.metric_value
            - max(
                if(
                    replicates.uses_demographics,
                    null,
                    replicates.direction * replicates.metric_value
                )
            ) over (
                partition by
                    replicates.role,
                    replicates.model,
                    replicates.shown_ratings,
                    replicates.segment_kind,
                    replicates.segment,
                    replicates.replicate
            ),
            null
        ) as gain_of_demographics
    from replicates
    left join declared
        on
            replicates.role = declared.role
            and replicates.model = declared.model
)

select * from new_user_gains
