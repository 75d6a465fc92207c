with candidates as (select * from {{ ref('top_n_candidates') }}),

movies as (select * from {{ ref('int_movies') }}),
{% if var('id_type') != 'int' %}
    users as (select * from {{ ref('int_users') }}),
{% endif %}
reason_movies as (
    select
        user_id,
        rank,
        posexplode(reason_movie_ids) as (place, movie_id)
    from candidates
),

named_reasons as (
    select
        reason_movies.user_id,
        reason_movies.rank,
        sort_array(
            collect_list(
                struct(reason_movies.place, movies.public_id, movies.title)
            )
        ) as named_movies
    from reason_movies
    inner join movies on reason_movies.movie_id = movies.movie_id
    group by reason_movies.user_id, reason_movies.rank
),

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
        {{ reason_in_words(
            'candidates.source',
            'named_reasons.named_movies.title',
            'candidates.score_constant is not null',
            'movies.like_count',
            'candidates.rule_lines'
        ) }} as reason,
        coalesce(
            named_reasons.named_movies.public_id,
            cast(array() as array<{{ var('id_type') }}>)
        ) as reason_movie_ids,
        candidates.reason_contributions,
        candidates.other_contributions,
        candidates.score_constant,
        candidates.rule_adjustment,
        candidates.rule_lines,
        candidates.source,
        candidates.model_version,
        cast('{{ run_started_at }}' as timestamp) as generated_at
    from candidates
    inner join movies on candidates.movie_id = movies.movie_id
    {% if var('id_type') != 'int' -%}
        inner join users on candidates.user_id = users.user_id
    {%- endif %}
    left join named_reasons
        on
            candidates.user_id = named_reasons.user_id
            and candidates.rank = named_reasons.rank
)

select * from titled_candidates
