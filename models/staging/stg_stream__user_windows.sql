with records as (
    select * from {{ ref('stg_stream__records') }}
    where {{ has_stream() }} and reason is null and not is_repeated
),

records_in_windows as (
    select
        *,
        {{ window_of('sent_at', var('stream_flood_user_seconds')) }} as window_start
    from records
),

user_windows as (
    select
        user_id,
        window_start,
        count(*) as rating_count,
        count(distinct movie_id) as movie_count,
        avg(rating) as rating_mean,
        count_if({{ is_extreme('rating', 'top') }}) / count(*) as top_share,
        count_if({{ is_extreme('rating', 'bottom') }}) / count(*) as bottom_share,
        count(*) > {{ var('stream_flood_user_ratings') }} as is_flood
    from records_in_windows
    group by user_id, window_start
)

select * from user_windows
