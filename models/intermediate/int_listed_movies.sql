with rankings as (select * from {{ ref('holdout_rankings') }}),

preferences as (select * from {{ ref('int_preferences') }}),

user_segments as (select * from {{ ref('int_user_segments') }}),

ratings_by_movie as (
    select
        movie_id,
        count(*) as rating_count
    from preferences
    where subset = 'train'
    group by movie_id
),

rankings_by_cut_off as (
    select
        model,
        user_id,
        movie_id,
        explode(filter({{ cut_offs() }}, cut_off -> rank <= cut_off)) as k
    from rankings
),

recommendations_by_movie as (
    select
        rankings_by_cut_off.model,
        rankings_by_cut_off.k,
        user_segments.segment_kind,
        user_segments.segment,
        rankings_by_cut_off.movie_id,
        count(*) as recommendation_count
    from rankings_by_cut_off
    inner join user_segments on rankings_by_cut_off.user_id = user_segments.user_id
    group by
        rankings_by_cut_off.model,
        rankings_by_cut_off.k,
        user_segments.segment_kind,
        user_segments.segment,
        rankings_by_cut_off.movie_id
),

placed_movies as (
    select
        model,
        k,
        segment_kind,
        segment,
        movie_id,
        recommendation_count,
        row_number() over (
            partition by model, k, segment_kind, segment
            order by recommendation_count, movie_id
        ) as place,
        count(*) over (partition by model, k, segment_kind, segment) as listed_count
    from recommendations_by_movie
),

listed_movies as (
    select
        placed_movies.model,
        placed_movies.k,
        placed_movies.segment_kind,
        placed_movies.segment,
        placed_movies.movie_id,
        placed_movies.recommendation_count,
        placed_movies.place,
        placed_movies.listed_count,
        coalesce(ratings_by_movie.rating_count, 0) as rating_count
    from placed_movies
    left join ratings_by_movie on placed_movies.movie_id = ratings_by_movie.movie_id
)

select * from listed_movies
