with ratings as (select * from {{ ref('fct_ratings') }}),

movies as (select * from {{ ref('dim_movies') }}),

users as (select * from {{ ref('dim_users') }}),

tags as (select * from {{ ref('stg_movielens__tags') }}),

rating_figures as (
    select
        count(*) as rating_count,
        count(distinct user_id) as user_count,
        avg(rating) as rating_mean,
        min(rated_at) as first_rated_at,
        max(rated_at) as last_rated_at
    from ratings
),

movie_figures as (
    select
        count(*) as movie_count,
        count_if(rating_count > 0) as rated_movie_count,
        sum(rating_count) as catalogue_rating_count
    from movies
),

profile_figures as (
    select count_if(age_band is not null or gender is not null) as profile_count
    from users
),

tag_figures as (select count(*) as tag_count from tags),

at_a_glance as (
    select
        rating_figures.user_count,
        movie_figures.movie_count,
        movie_figures.rated_movie_count,
        rating_figures.rating_count,
        1 - try_divide(
            movie_figures.catalogue_rating_count,
            rating_figures.user_count * movie_figures.movie_count
        ) as sparsity,
        rating_figures.rating_mean,
        rating_figures.first_rated_at,
        rating_figures.last_rated_at,
        profile_figures.profile_count,
        tag_figures.tag_count,
        '{{ var("item_noun") | replace("'", "\\'") }}' as item_noun,
        '{{ var("rating_noun") | replace("'", "\\'") }}' as rating_noun,
        '{{ var("feedback") }}' as feedback
    from rating_figures
    cross join movie_figures
    cross join profile_figures
    cross join tag_figures
)

select * from at_a_glance
