with list_events as (select * from {{ ref('stg_events__list_events') }}),

places as (select * from {{ ref('stg_shown__places') }}),

by_request as (
    select
        list_events.source_file,
        list_events.line_number,
        places.request_id,
        places.version,
        places.rank,
        places.shown_at
    from list_events
    inner join places
        on
            list_events.request_id = places.request_id
            and list_events.movie_id = places.movie_id
    where
        coalesce(list_events.rank = places.rank, true)
        and coalesce(list_events.user_id = places.user_id, true)
),

by_version as (
    select
        list_events.source_file,
        list_events.line_number,
        places.request_id,
        places.version,
        places.rank,
        places.shown_at
    from list_events
    inner join places
        on
            list_events.version = places.version
            and list_events.user_id = places.user_id
            and list_events.movie_id = places.movie_id
    where
        list_events.request_id is null
        and list_events.happened_at >= places.shown_at
        and coalesce(list_events.rank = places.rank, true)
),

places_of_events as (
    select * from by_request
    union all
    select * from by_version
),

-- the list that was shown last
place_by_event as (
    select
        source_file,
        line_number,
        max_by(
            struct(request_id, version, rank), struct(shown_at, request_id)
        ) as shown_place
    from places_of_events
    group by source_file, line_number
),

events_in_order as (
    select
        list_events.source_file,
        list_events.line_number,
        list_events.event,
        list_events.movie_id,
        list_events.happened_at,
        place_by_event.shown_place['request_id'] as request_id,
        place_by_event.shown_place['version'] as version,
        place_by_event.shown_place['rank'] as rank,
        row_number() over (
            partition by
                place_by_event.shown_place['request_id'],
                place_by_event.shown_place['rank'],
                list_events.event
            order by
                list_events.happened_at,
                list_events.received_at,
                list_events.source_file,
                list_events.line_number
        ) as event_number
    from list_events
    left join place_by_event
        on
            list_events.source_file = place_by_event.source_file
            and list_events.line_number = place_by_event.line_number
),

judged_events as (
    select
        source_file,
        line_number,
        event,
        movie_id,
        happened_at,
        request_id,
        version,
        rank,
        case
            when request_id is null then 'never shown'
            when event_number > 1 then 'repeated'
            else 'counted'
        end as outcome
    from events_in_order
)

select * from judged_events
