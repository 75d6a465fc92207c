with movies as (select * from {{ ref('dim_movies') }}),

recommendations as (select * from {{ ref('recommendations') }}),

slots as (
    select
        movie_id,
        count(*) as slot_count
    from recommendations
    group by movie_id
),

ranked_movies as (
    select
        movies.rating_count,
        coalesce(slots.slot_count, 0) as slot_count,
        row_number() over (order by movies.rating_count desc, movies.movie_id asc)
            as popularity_rank,
        count(*) over () as movie_count
    from movies
    left join slots on movies.movie_id = slots.movie_id
),

steps as (select explode(array(1, 2, 5, 10, 20, 30, 50, 75, 100)) as top_percent),

heads as (
    select
        steps.top_percent,
        count(*) as movie_count,
        count_if(ranked_movies.slot_count > 0) as recommended_movie_count,
        sum(ranked_movies.slot_count) as slot_count,
        sum(ranked_movies.rating_count) as rating_count
    from steps
    inner join ranked_movies
        on
            ranked_movies.popularity_rank
            <= ceil(ranked_movies.movie_count * steps.top_percent / 100)
    group by steps.top_percent
),

recommended_long_tail as (
    select
        top_percent,
        movie_count,
        recommended_movie_count,
        slot_count,
        try_divide(rating_count, max(rating_count) over ()) as rating_share,
        try_divide(slot_count, max(slot_count) over ()) as slot_share
    from heads
)

select * from recommended_long_tail
