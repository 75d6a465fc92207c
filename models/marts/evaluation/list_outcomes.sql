with places as (select * from {{ ref('stg_shown__places') }}),

list_events as (select * from {{ ref('int_list_events') }}),

ratings as (select * from {{ ref('fct_ratings') }}),

events_by_place as (
    select
        request_id,
        rank,
        count_if(event = 'clicked') as clicked_count,
        count_if(event = 'dismissed') as dismissed_count
    from list_events
    where outcome = 'counted'
    group by request_id, rank
),

places_with_outcomes as (
    select
        places.version,
        places.rank,
        coalesce(events_by_place.clicked_count, 0) as clicked_count,
        coalesce(events_by_place.dismissed_count, 0) as dismissed_count,
        coalesce(ratings.rated_at >= places.shown_at, false) as is_rated,
        coalesce(ratings.rated_at >= places.shown_at and ratings.is_like, false)
            as is_liked
    from places
    left join events_by_place
        on
            places.request_id = events_by_place.request_id
            and places.rank = events_by_place.rank
    left join ratings
        on
            places.user_id = ratings.user_id
            and places.movie_id = ratings.movie_id
),

outcomes as (
    select
        version,
        rank,
        count(*) as shown_count,
        sum(clicked_count) as clicked_count,
        sum(dismissed_count) as dismissed_count,
        count_if(is_rated) as rated_count,
        count_if(is_liked) as liked_count
    from places_with_outcomes
    group by version, rank
),

outcomes_with_rates as (
    select
        version,
        rank,
        shown_count,
        clicked_count,
        clicked_count / shown_count as click_rate,
        {{ wilson_bound('clicked_count', 'shown_count', '-') }} as click_rate_low,
        {{ wilson_bound('clicked_count', 'shown_count', '+') }} as click_rate_high,
        dismissed_count,
        rated_count,
        liked_count
    from outcomes
)

select * from outcomes_with_rates
