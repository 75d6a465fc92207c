with lines as (select * from {{ ref('base_shown__lists') }}),

numbered_lists as (
    select
        *,
        row_number() over (
            partition by request_id order by received_at, source_file, line_number
        ) as request_line
    from lines
    where reason is null
),

places as (
    select
        request_id,
        version,
        user_id,
        shown_at,
        source_file,
        line_number,
        posexplode(movie_ids) as (position, movie_id)
    from numbered_lists
    where request_line = 1
),

ranked_places as (
    select
        request_id,
        version,
        user_id,
        movie_id,
        cast(position + 1 as int) as rank,
        shown_at,
        source_file,
        line_number
    from places
)

select * from ranked_places
