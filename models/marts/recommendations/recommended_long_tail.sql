with head_movies as (select * from {{ ref('int_catalogue_heads') }}),

recommendations as (select * from {{ ref('recommendations') }}),

recommendations_by_movie as (
    select
        movie_id,
        count(*) as recommendation_count
    from recommendations
    group by movie_id
),

heads as (
    select
        head_movies.top_percent,
        count(*) as movie_count,
        count(recommendations_by_movie.movie_id) as recommended_movie_count,
        coalesce(sum(recommendations_by_movie.recommendation_count), 0)
            as recommendation_count,
        sum(head_movies.rating_count) as rating_count
    from head_movies
    left join recommendations_by_movie
        on head_movies.movie_id = recommendations_by_movie.movie_id
    group by head_movies.top_percent
),

recommended_long_tail as (
    select
        top_percent,
        movie_count,
        recommended_movie_count,
        recommendation_count,
        try_divide(rating_count, max(rating_count) over ()) as rating_share,
        try_divide(recommendation_count, max(recommendation_count) over ())
            as recommendation_share
    from heads
)

select * from recommended_long_tail
