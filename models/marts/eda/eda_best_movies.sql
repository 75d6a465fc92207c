with movies as (select * from {{ ref('dim_movies') }}),

rated_movies as (
    select
        movie_id,
        title,
        release_year,
        rating_count,
        rating_mean
    from movies
    where rating_count > 0
),

averages as (
    select
        avg(rating_count) as prior_count,
        sum(rating_count * rating_mean) / sum(rating_count) as prior_mean
    from rated_movies
),

averaged_movies as (
    select
        rated_movies.movie_id,
        rated_movies.title,
        rated_movies.release_year,
        rated_movies.rating_count,
        rated_movies.rating_mean,
        (
            rated_movies.rating_count * rated_movies.rating_mean
            + averages.prior_count * averages.prior_mean
        ) / (rated_movies.rating_count + averages.prior_count) as bayesian_average
    from rated_movies
    cross join averages
),

ranked_movies as (
    select
        row_number() over (
            order by bayesian_average desc, rating_count desc, movie_id asc
        ) as best_rank,
        row_number() over (
            order by rating_mean desc, rating_count desc, movie_id asc
        ) as raw_rank,
        movie_id,
        title,
        release_year,
        rating_count,
        rating_mean,
        bayesian_average
    from averaged_movies
),

best_movies as (
    select *
    from ranked_movies
    where
        best_rank <= {{ var('best_movies_listed') }}
        or raw_rank <= {{ var('best_movies_listed') }}
)

select * from best_movies
