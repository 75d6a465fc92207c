with movies as (
    select * from {{ ref('dim_movies') }}
    where rating_count > 0
),

averages as (
    select
        avg(rating_count) as prior_count,
        sum(rating_count * rating_mean) / sum(rating_count) as prior_mean
    from movies
),

shrunken_movies as (
    select
        movies.movie_id,
        movies.title,
        movies.release_year,
        movies.rating_count,
        movies.rating_mean,
        (
            movies.rating_count * movies.rating_mean
            + averages.prior_count * averages.prior_mean
        ) / (movies.rating_count + averages.prior_count) as shrunken_mean
    from movies
    cross join averages
),

ranked_movies as (
    select
        row_number() over (
            order by shrunken_mean desc, rating_count desc, movie_id asc
        ) as best_rank,
        row_number() over (
            order by rating_mean desc, rating_count desc, movie_id asc
        ) as raw_rank,
        movie_id,
        title,
        release_year,
        rating_count,
        rating_mean,
        shrunken_mean
    from shrunken_movies
),

best_movies as (
    select *
    from ranked_movies
    where best_rank <= 100 or raw_rank <= 100
)

select * from best_movies
