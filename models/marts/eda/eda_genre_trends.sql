with ratings as (select * from {{ ref('fct_ratings') }}),

movie_genres as (select * from {{ ref('int_movie_genres') }}),

ratings_by_year as (
    select
        year(rated_at) as rated_year,
        count(*) as rating_count
    from ratings
    group by year(rated_at)
),

ratings_by_genre as (
    select
        year(ratings.rated_at) as rated_year,
        movie_genres.genre,
        count(*) as rating_count,
        avg(ratings.rating) as rating_mean
    from ratings
    inner join movie_genres on ratings.movie_id = movie_genres.movie_id
    group by year(ratings.rated_at), movie_genres.genre
),

genre_trends as (
    select
        ratings_by_genre.genre,
        ratings_by_genre.rated_year,
        ratings_by_genre.rating_count,
        ratings_by_genre.rating_count / ratings_by_year.rating_count as rating_share,
        ratings_by_genre.rating_mean
    from ratings_by_genre
    inner join ratings_by_year
        on ratings_by_genre.rated_year = ratings_by_year.rated_year
)

select * from genre_trends
