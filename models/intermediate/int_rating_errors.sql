with predictions as (select * from {{ ref('holdout_predictions') }}),

user_segments as (select * from {{ ref('int_user_segments') }}),

movie_genres as (select * from {{ ref('int_genres_of_keys') }}),

errors as (
    select
        model,
        user_id,
        movie_id,
        is_cold,
        predicted_rating - rating as error
    from predictions
    where split = 'random'
),

errors_by_user_segment as (
    select
        errors.model,
        user_segments.segment_kind,
        user_segments.segment,
        user_segments.bucket,
        errors.error,
        errors.is_cold
    from errors
    inner join user_segments on errors.user_id = user_segments.user_id
),

errors_by_temperature as (
    select
        model,
        'temperature' as segment_kind,
        if(is_cold, 'cold', 'warm') as segment,
        {{ bootstrap_bucket('user_id') }} as bucket,
        error,
        is_cold
    from errors
),

errors_by_genre as (
    select
        errors.model,
        'genre' as segment_kind,
        movie_genres.genre as segment,
        {{ bootstrap_bucket('errors.user_id') }} as bucket,
        errors.error,
        errors.is_cold
    from errors
    inner join movie_genres on errors.movie_id = movie_genres.movie_id
),

segmented_errors as (
    select * from errors_by_user_segment
    union all
    select * from errors_by_temperature
    union all
    select * from errors_by_genre
),

rating_errors as (
    select
        model,
        segment_kind,
        segment,
        bucket,
        sum(error * error) as squared_error,
        sum(abs(error)) as absolute_error,
        count(*) as rating_count,
        count_if(is_cold) as cold_rating_count
    from segmented_errors
    group by model, segment_kind, segment, bucket
)

select * from rating_errors
