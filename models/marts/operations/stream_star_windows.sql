with records as (select * from {{ ref('stg_stream__records') }}),

ratings_by_window as (
    select
        date_trunc('hour', sent_at) as window_start,
        rating,
        count(*) as rating_count
    from records
    where {{ has_stream() }} and reason is null and not is_repeated
    group by date_trunc('hour', sent_at), rating
),

star_windows as (
    select
        window_start,
        rating,
        rating_count,
        rating_count / sum(rating_count) over (partition by window_start)
            as rating_share
    from ratings_by_window
)

select * from star_windows
