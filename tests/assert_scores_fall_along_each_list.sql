-- Personal rows come first; within a source the score never rises with the rank.
with recommendations as (select * from {{ ref('recommendations') }}),

neighbours as (
    select
        user_id,
        rank,
        score,
        source,
        lag(score) over (partition by user_id order by rank) as previous_score,
        lag(source) over (partition by user_id order by rank) as previous_source
    from recommendations
),

out_of_order as (
    select *
    from neighbours
    where
        (source = previous_source and score > previous_score)
        or (source = 'implicit_als' and previous_source = 'popularity')
)

select * from out_of_order
