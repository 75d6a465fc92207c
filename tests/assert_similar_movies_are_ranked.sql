with similar_movies as (select * from {{ ref('similar_movies') }}),

candidates as (select * from {{ ref('similar_movie_candidates') }}),

movies as (select * from {{ ref('dim_movies') }}),

other_movies as (select * from movies),

compared_rows as (
    select
        similar_movies.movie_id,
        similar_movies.rank,
        similar_movies.similarity,
        movies.movie_id is null or other_movies.movie_id is null as is_unknown,
        lag(similar_movies.rank, 1, 0) over (
            partition by similar_movies.movie_id order by similar_movies.rank
        ) as rank_before,
        lag(similar_movies.similarity, 1, 1.1) over (
            partition by similar_movies.movie_id order by similar_movies.rank
        ) as similarity_before
    from similar_movies
    left join movies on similar_movies.movie_id = movies.movie_id
    left join other_movies
        on similar_movies.similar_movie_id = other_movies.movie_id
),

wrong_rows as (
    select concat('rank ', rank, ' of movie ', movie_id) as failure
    from compared_rows
    where is_unknown or rank != rank_before + 1 or similarity > similarity_before
),

counted_pairs as (
    select count(*) as pair_count from similar_movies
    union
    select count(*) as pair_count from candidates
),

lost_rows as (
    select concat('public rows and candidates: ', max(pair_count)) as failure
    from counted_pairs
    having count(*) > 1
)

select * from wrong_rows
union all
select * from lost_rows
