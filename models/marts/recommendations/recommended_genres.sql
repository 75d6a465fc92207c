with recommendations as (select * from {{ ref('recommendations') }}),

ratings as (select * from {{ ref('fct_ratings') }}),

movie_genres as (
    select
        movie_id,
        genre,
        1 / count(*) over (partition by movie_id) as weight
    from {{ ref('int_movie_genres') }}
),

liked_genres as (
    select
        ratings.user_id,
        movie_genres.genre,
        sum(movie_genres.weight)
        / sum(sum(movie_genres.weight)) over (partition by ratings.user_id)
            as liked_share
    from ratings
    inner join movie_genres on ratings.movie_id = movie_genres.movie_id
    where ratings.is_like
    group by ratings.user_id, movie_genres.genre
),

listed_genres as (
    select
        recommendations.user_id,
        movie_genres.genre,
        sum(movie_genres.weight)
        / sum(sum(movie_genres.weight)) over (partition by recommendations.user_id)
            as listed_share
    from recommendations
    inner join movie_genres on recommendations.movie_id = movie_genres.movie_id
    group by recommendations.user_id, movie_genres.genre
),

users as (
    select distinct liked_genres.user_id
    from liked_genres
    inner join listed_genres on liked_genres.user_id = listed_genres.user_id
),

user_figures as (select count(*) as user_count from users),

liked_or_listed_genres as (
    select
        user_id,
        genre,
        liked_share,
        0 as listed_share
    from liked_genres
    union all
    select
        user_id,
        genre,
        0 as liked_share,
        listed_share
    from listed_genres
),

user_genres as (
    select
        liked_or_listed_genres.user_id,
        liked_or_listed_genres.genre,
        sum(liked_or_listed_genres.liked_share) as liked_share,
        sum(liked_or_listed_genres.listed_share) as listed_share
    from liked_or_listed_genres
    inner join users on liked_or_listed_genres.user_id = users.user_id
    group by liked_or_listed_genres.user_id, liked_or_listed_genres.genre
),

recommended_genres as (
    select
        user_genres.genre,
        max(user_figures.user_count) as user_count,
        sum(user_genres.liked_share) / max(user_figures.user_count) as liked_share,
        sum(user_genres.listed_share) / max(user_figures.user_count) as listed_share,
        sum(abs(user_genres.liked_share - user_genres.listed_share))
        / max(user_figures.user_count) as mean_difference
    from user_genres
    cross join user_figures
    group by user_genres.genre
)

select * from recommended_genres
