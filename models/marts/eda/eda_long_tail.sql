with head_movies as (select * from {{ ref('int_catalogue_heads') }}),

heads as (
    select
        top_percent,
        count(*) as movie_count,
        sum(rating_count) as rating_count,
        min(rating_count) as min_rating_count
    from head_movies
    group by top_percent
),

long_tail as (
    select
        top_percent,
        movie_count,
        rating_count,
        min_rating_count,
        try_divide(rating_count, max(rating_count) over ()) as rating_share
    from heads
)

select * from long_tail
