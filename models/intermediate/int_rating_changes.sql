with ratings as (select * from {{ ref('fct_ratings') }}),

accepted_ratings as (
    {{ last_build_of(
        'accepted_ratings',
        {
            'user_id': var('id_type'),
            'movie_id': var('id_type'),
            'rating': 'double',
            'rated_at': 'timestamp',
            'feed': 'string',
        },
        is_wanted=not var('accept_drift')
    ) }}
),

rating_changes as (
    select
        user_id,
        movie_id,
        rating,
        rated_at,
        1 as new_count,
        0 as old_count,
        cast(null as string) as accepted_feed
    from ratings
    union all
    select
        user_id,
        movie_id,
        rating,
        rated_at,
        0 as new_count,
        1 as old_count,
        feed as accepted_feed
    from accepted_ratings
)

select * from rating_changes
