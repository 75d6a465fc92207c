with recommendations as (select * from {{ ref('recommendations') }}),

ratings as (select * from {{ ref('fct_ratings') }}),

recommended_again as (
    select
        recommendations.user_id,
        recommendations.movie_id
    from recommendations
    inner join ratings
        on
            recommendations.user_id = ratings.user_id
            and recommendations.movie_id = ratings.movie_id
)

select * from recommended_again
