with candidates as (select * from {{ ref('top_n_candidates') }}),

movies as (select * from {{ ref('accepted_movies') }}),

titled_candidates as (
    select
        candidates.user_id,
        candidates.rank,
        candidates.movie_id,
        movies.title,
        array_join(movies.genres, '|') as genres,
        movies.release_year,
        candidates.score,
        candidates.predicted_rating,
        candidates.source,
        candidates.model_version,
        cast('{{ run_started_at }}' as timestamp) as generated_at
    from candidates
    inner join movies on candidates.movie_id = movies.movie_id
)

select * from titled_candidates
