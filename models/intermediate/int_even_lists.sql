with candidates as (select * from {{ ref('int_candidate_recommendations') }}),

movies as (select * from {{ ref('accepted_movies') }}),

ratings as (select * from {{ ref('fct_ratings') }}),

liked_movies as (
    select movies.movie_id
    from movies
    inner join ratings on movies.movie_id = ratings.movie_id
    group by movies.movie_id
    having max(ratings.rating) > {{ no_preference() }}
),

catalogue as (select count(*) as movie_count from liked_movies),

rated_movies as (
    select
        ratings.user_id,
        ratings.movie_id
    from ratings
    inner join liked_movies on ratings.movie_id = liked_movies.movie_id
),

rated_counts as (
    select
        user_id,
        count(*) as rated_count
    from rated_movies
    group by user_id
),

personal_lists as (
    select
        user_id,
        count_if(source = 'personal') as personal_count
    from candidates
    group by user_id
),

-- of each movie that the user has not rated, to be in an evenly spread list
chances as (
    select
        personal_lists.user_id,
        least(
            try_divide(
                personal_lists.personal_count,
                catalogue.movie_count - coalesce(rated_counts.rated_count, 0)
            ),
            1
        ) as chance
    from personal_lists
    cross join catalogue
    left join rated_counts on personal_lists.user_id = rated_counts.user_id
),

chance_totals as (select sum(chance) as chance from chances),

rated_chances as (
    select
        rated_movies.movie_id,
        sum(chances.chance) as chance
    from rated_movies
    inner join chances on rated_movies.user_id = chances.user_id
    group by rated_movies.movie_id
),

even_lists as (
    select
        liked_movies.movie_id,
        -- what is left of a difference of sums is rounded away
        round(chance_totals.chance - coalesce(rated_chances.chance, 0), 6) as even_count
    from liked_movies
    cross join chance_totals
    left join rated_chances on liked_movies.movie_id = rated_chances.movie_id
)

select * from even_lists
