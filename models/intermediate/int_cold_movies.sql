with movies as (select * from {{ ref('int_movies') }}),

cold_movies as (
    select
        movie_id,
        genres,
        cast(release_year - pmod(release_year, 10) as int) as decade,
        cast(
            pmod(
                xxhash64(movie_id, 'movie fold', {{ var('seed') }}),
                {{ var('cold_movie_folds') }}
            ) as int
        ) as fold
    from movies
)

select * from cold_movies
