with users as (select * from {{ ref('int_users') }}),

ranked_users as (
    select
        user_id,
        gender,
        age_band,
        rating_count,
        {{ bootstrap_bucket('user_id') }} as bucket,
        ntile(10) over (order by rating_count, user_id) as decile
    from users
    where rating_count > 0
),

segments_by_user as (
    select
        user_id,
        bucket,
        explode(
            array(
                struct('all' as kind, 'all' as segment),
                struct('activity' as kind, concat('decile ', decile) as segment),
                struct(
                    'newness' as kind,
                    if(rating_count <= {{ var('new_user_ratings') }}, 'new', 'known')
                        as segment
                ),
                struct('gender' as kind, gender as segment),
                struct('age' as kind, age_band as segment)
            )
        ) as entry
    from ranked_users
),

user_segments as (
    select
        user_id,
        bucket,
        entry['kind'] as segment_kind,
        entry['segment'] as segment
    from segments_by_user
    where entry['segment'] is not null
)

select * from user_segments
