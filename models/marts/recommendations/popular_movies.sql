-- public once the lists of the same build are
-- depends_on: {{ ref('accepted_recommendations') }}
with ratings as (select * from {{ ref('accepted_ratings') }}),

movies as (select * from {{ ref('accepted_movies') }}),

users as (select * from {{ ref('dim_users') }}),

likes as (
    select
        ratings.movie_id,
        {{ demographic('users.age_band') }} as age_band,
        {{ demographic('users.gender') }} as gender,
        count(*) as like_count
    from ratings
    left join users on ratings.user_id = users.user_id
    where ratings.is_like
    group by
        ratings.movie_id,
        {{ demographic('users.age_band') }},
        {{ demographic('users.gender') }}
),

-- each like counts for everybody, too
likes_by_age as (
    select
        movie_id,
        gender,
        like_count,
        explode(array_distinct(array('all', coalesce(age_band, 'all')))) as age_band
    from likes
),

likes_by_age_and_gender as (
    select
        movie_id,
        age_band,
        like_count,
        explode(array_distinct(array('all', coalesce(gender, 'all')))) as gender
    from likes_by_age
),

likes_by_people as (
    select
        movie_id,
        age_band,
        gender,
        sum(like_count) as like_count
    from likes_by_age_and_gender
    group by movie_id, age_band, gender
),

likes_by_segment as (
    select
        likes_by_people.movie_id,
        likes_by_people.age_band,
        likes_by_people.gender,
        likes_by_people.like_count,
        movies.title,
        movies.like_count as likes_in_all,
        explode(array_union(array('all'), movies.genres)) as genre
    from likes_by_people
    inner join movies on likes_by_people.movie_id = movies.movie_id
),

ranked_movies as (
    select
        genre,
        age_band,
        gender,
        movie_id,
        title,
        like_count,
        row_number() over (
            partition by genre, age_band, gender
            order by like_count desc, likes_in_all desc, movie_id asc
        ) as rank
    from likes_by_segment
),

popular_movies as (
    select
        genre,
        age_band,
        gender,
        rank,
        movie_id,
        title,
        like_count
    from ranked_movies
    where rank <= {{ var('popular_movies_listed') }}
)

select * from popular_movies
