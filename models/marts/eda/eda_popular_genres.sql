with ratings as (select * from {{ ref('fct_ratings') }}),

movie_genres as (select * from {{ ref('int_movie_genres') }}),

ratings_by_genre as (
    select
        movie_genres.genre,
        count(distinct ratings.movie_id) as movie_count,
        count(*) as rating_count,
        avg(ratings.rating) as rating_mean
    from ratings
    inner join movie_genres on ratings.movie_id = movie_genres.movie_id
    group by movie_genres.genre
),

all_ratings as (select count(*) as rating_count from ratings),

popular_genres as (
    select
        ratings_by_genre.genre,
        ratings_by_genre.movie_count,
        ratings_by_genre.rating_count,
        ratings_by_genre.rating_mean,
        ratings_by_genre.rating_count / all_ratings.rating_count as rating_share,
        row_number() over (
            order by ratings_by_genre.rating_count desc, ratings_by_genre.genre asc
        ) as popularity_rank
    from ratings_by_genre
    cross join all_ratings
)

select * from popular_genres
