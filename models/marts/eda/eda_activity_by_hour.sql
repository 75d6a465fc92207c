with ratings as (select * from {{ ref('fct_ratings') }}),

hours as (
    select
        explode(sequence(1, 7)) as rated_weekday,
        sequence(0, 23) as day_hours
),

week_hours as (
    select
        rated_weekday,
        explode(day_hours) as rated_hour
    from hours
),

rated_hours as (
    select
        weekday(rated_at) + 1 as rated_weekday,
        hour(rated_at) as rated_hour,
        count(*) as rating_count,
        avg(rating) as rating_mean
    from ratings
    group by weekday(rated_at) + 1, hour(rated_at)
),

activity_by_hour as (
    select
        week_hours.rated_weekday,
        week_hours.rated_hour,
        coalesce(rated_hours.rating_count, 0) as rating_count,
        rated_hours.rating_mean
    from week_hours
    left join rated_hours
        on
            week_hours.rated_weekday = rated_hours.rated_weekday
            and week_hours.rated_hour = rated_hours.rated_hour
)

select * from activity_by_hour
