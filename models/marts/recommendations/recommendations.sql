with candidates as (select * from {{ ref('top_n_candidates') }}),

movies as (select * from {{ ref('dim_movies') }}),

bias_terms as (select * from {{ ref('bias') }}),

factors as (select * from {{ ref('classic_als') }}),

manifest as (select * from {{ ref('stg_movielens__manifest') }}),

datasets as (select distinct dataset_sha256 from manifest),

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

predicted_candidates as (
    select
        candidates.user_id,
        candidates.rank,
        candidates.movie_id,
        movies.title,
        array_join(movies.genres, '|') as genres,
        movies.release_year,
        candidates.score,
        coalesce(
            {{ dot_product('user_factors.factors', 'movie_factors.factors') }},
            global_terms.bias
            + coalesce(user_terms.bias, 0)
            + coalesce(movie_terms.bias, 0)
        ) as prediction,
        candidates.source,
        {{ model_version('datasets.dataset_sha256') }} as model_version
    from candidates
    inner join movies on candidates.movie_id = movies.movie_id
    cross join global_terms
    cross join datasets
    left join user_terms on candidates.user_id = user_terms.entity_id
    left join movie_terms on candidates.movie_id = movie_terms.entity_id
    left join user_factors on candidates.user_id = user_factors.entity_id
    left join movie_factors on candidates.movie_id = movie_factors.entity_id
),

recommendations as (
    select
        user_id,
        rank,
        movie_id,
        title,
        genres,
        release_year,
        score,
        {{ clip_to_stars('prediction') }} as predicted_rating,
        source,
        model_version,
        cast('{{ run_started_at }}' as timestamp) as generated_at
    from predicted_candidates
)

select * from recommendations
