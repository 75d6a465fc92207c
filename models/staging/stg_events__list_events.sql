with lines as (select * from {{ ref('base_events__list_events') }}),

list_events as (
    select
        source_file,
        line_number,
        event,
        movie_id,
        rank,
        request_id,
        version,
        user_id,
        happened_at,
        received_at
    from lines
    where reason is null
)

select * from list_events
