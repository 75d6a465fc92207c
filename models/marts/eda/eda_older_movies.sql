with ratings as (select * from {{ ref('fct_ratings') }}),

movies as (select * from {{ ref('dim_movies') }}),

ranked_movies as (
    select
        movie_id,
        release_year,
        row_number() over (order by rating_count desc, movie_id asc)
        > ceil(count(*) over () * {{ var('popular_movies_share') }}) as is_niche
    from movies
),

aged_ratings as (
    select
        ratings.movie_id,
        ratings.rating,
        year(ratings.rated_at) - ranked_movies.release_year
        >= {{ var('older_movie_years') }} as is_older,
        ranked_movies.is_niche
    from ratings
    inner join ranked_movies on ratings.movie_id = ranked_movies.movie_id
    where ranked_movies.release_year is not null
),

older_movies as (
    select
        is_older,
        is_niche,
        count(distinct movie_id) as movie_count,
        count(*) as rating_count,
        avg(rating) as rating_mean
    from aged_ratings
    group by is_older, is_niche
)

select * from older_movies
