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
        coalesce(slots.slot_count, 0) as slot_count,
        row_number() over (order by movies.rating_count desc, movies.movie_id asc)
            as popularity_rank
    from movies
    left join slots on movies.movie_id = slots.movie_id
),

head_sizes as (select * from {{ ref('eda_long_tail') }}),

recommended_long_tail as (
    select
        head_sizes.top_percent,
        max(head_sizes.movie_count) as movie_count,
        count_if(ranked_movies.slot_count > 0) as recommended_movie_count,
        sum(ranked_movies.slot_count) as slot_count,
        max(head_sizes.rating_share) as rating_share,
        try_divide(
            sum(ranked_movies.slot_count), max(sum(ranked_movies.slot_count)) over ()
        ) as slot_share
    from head_sizes
    inner join ranked_movies
        on head_sizes.movie_count >= ranked_movies.popularity_rank
    group by head_sizes.top_percent
)

select * from recommended_long_tail
