with predictions as (select * from {{ ref('holdout_predictions') }}),

split as (select * from {{ ref('int_ratings_split') }}),

known_users as (
    select distinct user_id
    from split
    where global_split = 'train'
),

known_movies as (
    select distinct movie_id
    from split
    where global_split = 'train'
),

judged_predictions as (
    select
        predictions.model,
        case
            when known_users.user_id is null and known_movies.movie_id is null
                then 'new user and new movie'
            when known_users.user_id is null then 'new user'
            when known_movies.movie_id is null then 'new movie'
            else 'both known'
        end as segment,
        predictions.predicted_rating - predictions.rating as error
    from predictions
    left join known_users on predictions.user_id = known_users.user_id
    left join known_movies on predictions.movie_id = known_movies.movie_id
    where predictions.split = 'global'
),

cold_start_accuracy as (
    select
        model,
        segment,
        sqrt(avg(error * error)) as rmse,
        avg(abs(error)) as mae,
        count(*) as rating_count
    from judged_predictions
    group by model, segment
)

select * from cold_start_accuracy
