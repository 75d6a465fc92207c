with judged as (
    select * from {{ ref('simulated_new_users') }}
    where not is_retrained
),

user_segments as (select * from {{ ref('int_user_segments') }}),

users as (select * from {{ ref('int_users') }}),

segments as (
    select
        user_id,
        bucket,
        segment_kind,
        segment
    from user_segments
    where segment_kind in ('all', 'gender', 'age')
    union all
    select
        user_id,
        {{ bootstrap_bucket('user_id') }} as bucket,
        'occupation' as segment_kind,
        occupation as segment
    from users
    where occupation is not null
),

new_user_sums as (
    select
        judged.role,
        judged.model,
        judged.uses_demographics,
        judged.shown_ratings,
        segments.segment_kind,
        segments.segment,
        segments.bucket,
        count(*) as user_count,
        sum(coalesce(judged.ndcg, judged.squared_error)) as total,
        sum(coalesce(judged.rating_count, 1)) as judged_count
    from judged
    inner join segments on judged.user_id = segments.user_id
    group by
        judged.role,
        judged.model,
        judged.uses_demographics,
        judged.shown_ratings,
        segments.segment_kind,
        segments.segment,
        segments.bucket
)

select * from new_user_sums
