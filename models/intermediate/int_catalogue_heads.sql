with movies as (select * from {{ ref('dim_movies') }}),

ranked_movies as (
    select
        movie_id,
        rating_count,
        row_number() over (order by rating_count desc, movie_id asc) as popularity_rank,
        count(*) over () as movie_count
    from movies
),

steps as (
    select explode(array({{ var('catalogue_percents') | join(', ') }})) as top_percent
),

catalogue_heads as (
    select
        steps.top_percent,
        ranked_movies.movie_id,
        ranked_movies.rating_count
    from steps
    inner join ranked_movies
        on
            ranked_movies.popularity_rank
            <= ceil(ranked_movies.movie_count * steps.top_percent / 100)
)

select * from catalogue_heads
