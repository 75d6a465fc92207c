with movies as (select * from {{ ref('dim_movies') }}),

movies_by_decade as (
    select
        cast(floor(release_year / 10) * 10 as int) as release_decade,
        count(*) as movie_count,
        count_if(rating_count > 0) as rated_movie_count,
        sum(rating_count) as rating_count,
        sum(rating_mean * rating_count) / nullif(sum(rating_count), 0) as rating_mean
    from movies
    group by cast(floor(release_year / 10) * 10 as int)
)

select * from movies_by_decade
