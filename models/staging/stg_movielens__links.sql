with lines as (select * from {{ ref('base_movielens__links') }}),

ranked_links as (
    select
        movie_id,
        imdb_id,
        tmdb_id,
        count(*) over (partition by movie_id) as line_count,
        row_number() over (partition by movie_id order by line) as line_rank
    from lines
    where reason is null
),

links as (
    select
        movie_id,
        imdb_id,
        tmdb_id,
        line_count
    from ranked_links
    where line_rank = 1
)

select * from links
