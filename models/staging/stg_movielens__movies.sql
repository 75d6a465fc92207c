{%- set is_plain = has_movie_titles() == 'false' -%}
with lines as (select * from {{ ref('base_movielens__movies') }}),

tidy_movies as (
    select
        movie_id,
        raw_title,
        raw_genres,
        {{ release_year('raw_title') }} as release_year,
        regexp_replace({{ title_without_year('raw_title') }}, r'\s+', ' ')
            as tidy_title,
        count(*) over (partition by movie_id) as line_count,
        row_number() over (partition by movie_id order by line) as line_rank
    from lines
    where reason is null
),

movies as (
    select
        movie_id,
        coalesce(
            nullif(
                {{ 'tidy_title' if is_plain
                    else article_first(main_title('tidy_title')) }},
                ''
            ),
            nullif(tidy_title, ''),
            trim(raw_title)
        ) as title,
        raw_title,
        {{ 'cast(array() as array<string>)' if is_plain
            else alternative_titles('tidy_title') }} as alternative_titles,
        release_year,
        filter(
            array_distinct(
                transform(split(coalesce(raw_genres, ''), r'\|'), genre -> trim(genre))
            ),
            genre -> genre not in ('', '(no genres listed)')
        ) as genres,
        line_count
    from tidy_movies
    where line_rank = 1
)

select * from movies
