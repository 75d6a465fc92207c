with ratings as (select * from {{ ref('fct_ratings') }}),

movies as (select * from {{ ref('accepted_movies') }}),

user_tastes as (
    select
        ratings.user_id,
        bit_xor(xxhash64(cast(ratings.movie_id as string))) as rated_movies_hash,
        count_if(movies.like_count > 0) as liked_movie_count,
        count_if(ratings.is_like and size(movies.genres) > 0) as genre_like_count,
        array_distinct(flatten(collect_set(if(ratings.is_like, movies.genres, null))))
            as liked_genres
    from ratings
    left join movies on ratings.movie_id = movies.movie_id
    group by ratings.user_id
)

select * from user_tastes
