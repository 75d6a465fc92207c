with movies as (select * from {{ ref('stg_movielens__movies') }}),

accepted_movies as (
    {{ last_build_of(
        'accepted_movies',
        {'movie_id': var('id_type'), 'title': 'string', 'genres': 'array<string>'},
        is_wanted=not var('accept_drift')
    ) }}
),

compared_movies as (
    select
        movies.movie_id is not null as is_kept,
        not movies.title <=> accepted_movies.title as has_other_title,
        not array_sort(movies.genres) <=> array_sort(accepted_movies.genres)
            as has_other_genres
    from accepted_movies
    left join movies on accepted_movies.movie_id = movies.movie_id
),

movie_drift as (
    select
        try_divide(count_if(is_kept), count(*)) as kept_movie_share,
        try_divide(count_if(is_kept and has_other_title), count_if(is_kept))
            as changed_title_share,
        try_divide(count_if(is_kept and has_other_genres), count_if(is_kept))
            as changed_genres_share
    from compared_movies
)

select * from movie_drift
