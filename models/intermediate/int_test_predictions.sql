with ratings as (select * from {{ ref('int_ratings_split') }}),

bias_terms as (select * from {{ ref('holdout_bias') }}),

factors as (select * from {{ ref('holdout_classic_als') }}),

global_terms as (
    select bias from bias_terms
    where entity = 'global'
),

user_terms as (
    select * from bias_terms
    where entity = 'user'
),

movie_terms as (
    select * from bias_terms
    where entity = 'movie'
),

user_factors as (
    select * from factors
    where entity = 'user'
),

movie_factors as (
    select * from factors
    where entity = 'movie'
),

test_ratings as (
    select
        ratings.user_id,
        ratings.movie_id,
        ratings.rating,
        user_terms.bias is null or movie_terms.bias is null as is_cold,
        global_terms.bias + coalesce(user_terms.bias, 0) + coalesce(movie_terms.bias, 0)
            as bias_prediction,
        {{ dot_product('user_factors.factors', 'movie_factors.factors') }}
            as als_prediction
    from ratings
    cross join global_terms
    left join user_terms on ratings.user_id = user_terms.entity_id
    left join movie_terms on ratings.movie_id = movie_terms.entity_id
    left join user_factors on ratings.user_id = user_factors.entity_id
    left join movie_factors on ratings.movie_id = movie_factors.entity_id
    where ratings.random_split = 'test'
),

predictions as (
    select
        user_id,
        movie_id,
        rating,
        is_cold,
        explode(
            map(
                'bias', bias_prediction,
                'classic_als', coalesce(als_prediction, bias_prediction)
            )
        ) as (model, prediction)
    from test_ratings
),

clipped_predictions as (
    select
        model,
        user_id,
        movie_id,
        rating,
        {{ clip_to_stars('prediction') }} as predicted_rating,
        is_cold
    from predictions
)

select * from clipped_predictions
