with movies as (select * from {{ ref('int_movies') }}),

tags as (select * from {{ ref('stg_movielens__tags') }}),

tags_by_movie as (
    select
        movie_id,
        collect_list(concat('tag:', lower(trim(tag)))) as terms
    from tags
    group by movie_id
),

movie_terms as (
    select
        movies.movie_id,
        concat(
            transform(
                {{ words_of('movies.title') }}, word -> concat('title:', word)
            ),
            transform(movies.genres, genre -> concat('genre:', genre)),
            coalesce(tags_by_movie.terms, array()),
            {{ decades_of('movies.release_year') }}
        ) as terms
    from movies
    left join tags_by_movie on movies.public_id = tags_by_movie.movie_id
)

select * from movie_terms
