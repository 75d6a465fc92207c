with candidates as (select * from {{ ref('int_candidate_recommendations') }}),

movies as (select * from {{ ref('accepted_movies') }}),

recommendations_by_movie as (
    select
        movie_id,
        count(*) as recommendation_count,
        count_if(source = 'personal') as personal_count
    from candidates
    group by movie_id
),

recommended_movies as (
    select
        movies.movie_id,
        coalesce(recommendations_by_movie.recommendation_count, 0)
            as recommendation_count,
        coalesce(recommendations_by_movie.personal_count, 0) as personal_count,
        rank() over (order by movies.rating_count desc) / count(*) over ()
            as popularity_share
    from movies
    left join recommendations_by_movie
        on movies.movie_id = recommendations_by_movie.movie_id
)

select * from recommended_movies
