with recommendations as (select * from {{ ref('recommendations') }}),

ratings as (select * from {{ ref('fct_ratings') }}),

movie_genres as (select * from {{ ref('int_movie_genres') }}),

genre_weights as (
    select
        movie_id,
        genre,
        1 / count(*) over (partition by movie_id) as weight
    from movie_genres
),

liked_and_listed_movies as (
    select
        user_id,
        movie_id,
        true as is_liked
    from ratings
    where is_like
    union all
    select
        user_id,
        movie_id,
        false as is_liked
    from recommendations
),

genre_shares as (
    select
        liked_and_listed_movies.user_id,
        liked_and_listed_movies.is_liked,
        genre_weights.genre,
        sum(genre_weights.weight)
        / sum(sum(genre_weights.weight)) over (
            partition by
                liked_and_listed_movies.user_id, liked_and_listed_movies.is_liked
        ) as genre_share
    from liked_and_listed_movies
    inner join genre_weights
        on liked_and_listed_movies.movie_id = genre_weights.movie_id
    group by
        liked_and_listed_movies.user_id,
        liked_and_listed_movies.is_liked,
        genre_weights.genre
),

-- only who has both likes and a list can be compared
users as (
    select
        user_id,
        count(*) over () as user_count
    from genre_shares
    group by user_id
    having count(distinct is_liked) = 2
),

user_genres as (
    select
        genre_shares.user_id,
        genre_shares.genre,
        max(users.user_count) as user_count,
        sum(if(genre_shares.is_liked, genre_shares.genre_share, 0)) as liked_share,
        sum(if(genre_shares.is_liked, 0, genre_shares.genre_share)) as listed_share
    from genre_shares
    inner join users on genre_shares.user_id = users.user_id
    group by genre_shares.user_id, genre_shares.genre
),

recommended_genres as (
    select
        genre,
        max(user_count) as user_count,
        sum(liked_share) / max(user_count) as liked_share,
        sum(listed_share) / max(user_count) as listed_share,
        sum(abs(liked_share - listed_share)) / max(user_count)
            as mean_absolute_difference
    from user_genres
    group by genre
)

select * from recommended_genres
