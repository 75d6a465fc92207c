with lines as (select * from {{ ref('base_movielens__movies') }}),

ranked_movies as (
    select
        movie_id,
        raw_title,
        regexp_replace(trim(raw_title), r'\s+', ' ') as tidy_title,
        trim(raw_genres) as tidy_genres,
        row_number() over (partition by movie_id order by line) as line_rank
    from lines
    where reason is null
),

movies as (
    select
        movie_id,
        {{ article_first(title_without_year('tidy_title')) }} as title,
        raw_title,
        {{ release_year('tidy_title') }} as release_year,
        case
            when coalesce(tidy_genres, '') in ('', '(no genres listed)')
                then cast(array() as array<string>)
            else split(tidy_genres, r'\|')
        end as genres
    from ranked_movies
    where line_rank = 1
)

select * from movies
