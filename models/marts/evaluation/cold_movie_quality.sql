with replicates as (select * from {{ ref('int_cold_movie_gains') }}),

intervals as (
    select
        model,
        ranked_among,
        segment_kind,
        segment,
        metric,
        max(if(replicate = 0, metric_value, null)) as metric_value,
        {{ middle_95_percent('if(replicate > 0, metric_value, null)') }}
            as metric_bounds,
        max(if(replicate = 0, gain_over_random, null)) as gain_over_random,
        {{ middle_95_percent('if(replicate > 0, gain_over_random, null)') }}
            as random_bounds,
        max(if(replicate = 0, gain_over_genre_popularity, null))
            as gain_over_genre_popularity,
        {{ middle_95_percent('if(replicate > 0, gain_over_genre_popularity, null)') }}
            as genre_bounds,
        max(if(replicate = 0, gain_over_taste_popularity, null))
            as gain_over_taste_popularity,
        {{ middle_95_percent('if(replicate > 0, gain_over_taste_popularity, null)') }}
            as taste_bounds,
        max(if(replicate = 0, user_count, null)) as user_count,
        max(if(replicate = 0, list_count, null)) as list_count,
        max(if(replicate = 0, relevant_count, null)) as relevant_count
    from replicates
    group by
        model,
        ranked_among,
        segment_kind,
        segment,
        metric
),

cold_movie_quality as (
    select
        model,
        ranked_among,
        segment_kind,
        segment,
        metric,
        metric_value,
        metric_bounds[0] as metric_value_low,
        metric_bounds[1] as metric_value_high,
        gain_over_random,
        random_bounds[0] as gain_over_random_low,
        random_bounds[1] as gain_over_random_high,
        gain_over_genre_popularity,
        genre_bounds[0] as gain_over_genre_popularity_low,
        genre_bounds[1] as gain_over_genre_popularity_high,
        gain_over_taste_popularity,
        taste_bounds[0] as gain_over_taste_popularity_low,
        taste_bounds[1] as gain_over_taste_popularity_high,
        user_count,
        list_count,
        relevant_count
    from intervals
    where
        segment_kind = 'all'
        or user_count >= {{ var('new_user_segment_min') }}
)

select * from cold_movie_quality
