-- public once the lists of the same models are
-- depends_on: {{ ref('accepted_recommendations') }}
with candidates as (select * from {{ ref('similar_movie_candidates') }}),

movies as (select * from {{ ref('int_movies') }}),

similar as (select * from movies),

similar_movies as (
    select
        movies.public_id as movie_id,
        candidates.rank,
        similar.public_id as similar_movie_id,
        movies.title,
        similar.title as similar_title,
        similar.release_year as similar_release_year,
        candidates.similarity,
        candidates.collaborative_similarity,
        candidates.content_similarity,
        candidates.collaborative_weight,
        candidates.model_version
    from candidates
    inner join movies on candidates.movie_id = movies.movie_id
    inner join similar on candidates.similar_movie_id = similar.movie_id
)

select * from similar_movies
