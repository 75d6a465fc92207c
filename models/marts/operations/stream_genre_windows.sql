with records as (select * from {{ ref('stg_stream__records') }}),

movies as (select * from {{ ref('dim_movies') }}),

ratings as (
    select
        date_trunc('hour', sent_at) as window_start,
        movie_id,
        rating
    from records
    where {{ has_stream() }} and reason is null and not is_repeated
),

windows as (
    select
        window_start,
        count(*) as window_count
    from ratings
    group by window_start
),

genres as (
    select
        movie_id,
        explode(genres) as genre
    from movies
),

ratings_by_genre as (
    select
        ratings.window_start,
        genres.genre,
        count(*) as rating_count,
        avg(ratings.rating) as rating_mean
    from ratings
    inner join genres on ratings.movie_id = genres.movie_id
    group by ratings.window_start, genres.genre
),

genre_windows as (
    select
        ratings_by_genre.window_start,
        ratings_by_genre.genre,
        ratings_by_genre.rating_count,
        ratings_by_genre.rating_count / windows.window_count as rating_share,
        ratings_by_genre.rating_mean
    from ratings_by_genre
    inner join windows on ratings_by_genre.window_start = windows.window_start
)

select * from genre_windows
