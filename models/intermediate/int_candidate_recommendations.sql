with candidates as (select * from {{ ref('top_n_candidates') }}),

movies as (select * from {{ ref('int_movies') }}),
{% if var('id_type') != 'int' %}
    users as (select * from {{ ref('int_users') }}),
{% endif %}
titled_candidates as (
    select
        {{ 'candidates.user_id' if var('id_type') == 'int' else 'users.public_id' }}
            as user_id,
        candidates.rank,
        movies.public_id as movie_id,
        movies.title,
        array_join(movies.genres, '|') as genres,
        movies.release_year,
        candidates.score,
        {{ 'cast(null as double)' if predictor_name() == 'none'
            else 'candidates.predicted_rating' }} as predicted_rating,
        candidates.source,
        candidates.model_version,
        cast('{{ run_started_at }}' as timestamp) as generated_at
    from candidates
    inner join movies on candidates.movie_id = movies.movie_id
    {% if var('id_type') != 'int' -%}
        inner join users on candidates.user_id = users.user_id
    {%- endif %}
)

select * from titled_candidates
