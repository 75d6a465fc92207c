{%- set is_implicit = var('feedback') == 'implicit' -%}
{%- set scale_width = 'null' if is_implicit
    else '(' ~ var('rating_max') ~ ' - ' ~ var('rating_min') ~ ')'
-%}
-- sums of events grow with each delivery: only their flood is judged
with rating_changes as (select * from {{ ref('int_rating_changes') }}),

movie_stars as (
    select
        movie_id,
        rating,
        sum(new_count) as new_count,
        sum(old_count) as old_count
    from rating_changes
    group by movie_id, rating
),

floods as (
    select
        max(new_count - old_count) as max_gained_count,
        sum(new_count) as rating_count
    from movie_stars
),

stars as (
    select
        rating,
        sum(new_count) as new_count,
        sum(old_count) as old_count
    from movie_stars
    group by rating
),

star_shares as (
    select
        rating,
        try_divide(new_count, sum(new_count) over ()) as new_share,
        try_divide(old_count, sum(old_count) over ()) as old_share
    from stars
),

distances as (
    select
        -- in stars of a scale as wide as MovieLens's, 0.5 to 5
        (sum(rating * new_share) - sum(rating * old_share))
        * 4.5 / {{ scale_width }} as mean_shift,
        sum(abs(new_share - old_share))
        / {{ 'null' if is_implicit else 2 }} as rating_total_variation
    from star_shares
),

star_drift as (
    select
        distances.mean_shift,
        distances.rating_total_variation,
        case
            when floods.max_gained_count < {{ var('flood_min_ratings') }} then 0
            else floods.max_gained_count / floods.rating_count
        end as flood_share
    from distances
    cross join floods
)

select * from star_drift
