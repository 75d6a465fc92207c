with accepted as (select * from {{ ref('accepted_recommendations') }}),

recommendations as (
    select
        user_id,
        rank,
        movie_id,
        title,
        genres,
        release_year,
        score,
        predicted_rating,
        reason,
        reason_movie_ids,
        reason_contributions,
        other_contributions,
        score_constant,
        rule_adjustment,
        rule_lines,
        source,
        model_version,
        generated_at
    from accepted
)

select * from recommendations
