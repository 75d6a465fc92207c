with held_records as (select * from {{ ref('stg_stream__held_records') }}),

held_ratings as (
    select
        hold_id,
        status,
        hold_rule,
        topic,
        partition,
        offset,
        user_id,
        movie_id,
        rating,
        rated_at,
        sent_at,
        ingested_at,
        window_start,
        hold_reason,
        decided_by,
        decided_at
    from held_records
)

select * from held_ratings
