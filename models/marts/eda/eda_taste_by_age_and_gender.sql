with ratings as (select * from {{ ref('fct_ratings') }}),

users as (select * from {{ ref('dim_users') }}),

movie_genres as (select * from {{ ref('int_movie_genres') }}),

genre_means as (select * from {{ ref('eda_popular_genres') }}),

tastes as (
    select
        coalesce(users.age_band, 'unknown') as age_band,
        coalesce(users.gender, 'unknown') as gender,
        movie_genres.genre,
        count(distinct ratings.user_id) as user_count,
        count(*) as rating_count,
        avg(ratings.rating) as rating_mean
    from ratings
    inner join users on ratings.user_id = users.user_id
    inner join movie_genres on ratings.movie_id = movie_genres.movie_id
    where users.age_band is not null or users.gender is not null
    group by
        coalesce(users.age_band, 'unknown'),
        coalesce(users.gender, 'unknown'),
        movie_genres.genre
),

taste_by_age_and_gender as (
    select
        tastes.age_band,
        tastes.gender,
        tastes.genre,
        tastes.user_count,
        tastes.rating_count,
        tastes.rating_mean,
        tastes.rating_mean - genre_means.rating_mean as difference_to_everyone
    from tastes
    inner join genre_means on tastes.genre = genre_means.genre
)

select * from taste_by_age_and_gender
