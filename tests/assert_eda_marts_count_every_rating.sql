-- Each mart's sum is what the core tables have.
with ratings as (select * from {{ ref('fct_ratings') }}),

movies as (select * from {{ ref('dim_movies') }}),

totals as (
    select
        count(*) as rating_count,
        min(rated_at) as first_rated_at,
        max(rated_at) as last_rated_at
    from ratings
),

movie_totals as (
    select
        count(*) as movie_count,
        coalesce(sum(rating_count * size(genres)), 0) as genre_rating_count,
        coalesce(sum(rating_count) filter (where release_year is not null), 0)
            as dated_rating_count
    from movies
),

sums as (
    select
        'eda_rating_trends' as mart,
        'ratings' as expected,
        sum(rating_count) as found_count
    from {{ ref('eda_rating_trends') }}
    {% for mart in [
        'eda_rating_distribution', 'eda_user_activity', 'eda_activity_deciles',
        'eda_activity_inequality', 'eda_activity_by_hour', 'eda_movies_by_decade'
    ] -%}
        union all
        select
            '{{ mart }}' as mart,
            'ratings' as expected,
            sum(rating_count) as found_count
        from {{ ref(mart) }}
    {% endfor -%}
    {% for mart in ['eda_popular_genres', 'eda_genre_trends'] -%}
        union all
        select
            '{{ mart }}' as mart,
            'ratings of genres' as expected,
            sum(rating_count) as found_count
        from {{ ref(mart) }}
    {% endfor -%}
    union all
    select
        'eda_ratings_by_movie_age' as mart,
        'ratings of movies with a year' as expected,
        sum(rating_count) as found_count
    from {{ ref('eda_ratings_by_movie_age') }}
    union all
    select
        'eda_long_tail' as mart,
        'ratings' as expected,
        max(rating_count) as found_count
    from {{ ref('eda_long_tail') }}
    union all
    select
        'eda_long_tail' as mart,
        'movies' as expected,
        max(movie_count) as found_count
    from {{ ref('eda_long_tail') }}
    union all
    select
        'eda_movies_by_decade' as mart,
        'movies' as expected,
        sum(movie_count) as found_count
    from {{ ref('eda_movies_by_decade') }}
),

compared_sums as (
    select
        sums.mart,
        sums.expected,
        coalesce(sums.found_count, 0) as found_count,
        case sums.expected
            when 'ratings' then totals.rating_count
            when 'movies' then movie_totals.movie_count
            when 'ratings of genres' then movie_totals.genre_rating_count
            when 'ratings of movies with a year' then movie_totals.dated_rating_count
        end as expected_count
    from sums
    cross join totals
    cross join movie_totals
),

differences as (
    select
        mart,
        expected,
        found_count,
        expected_count
    from compared_sums
    where found_count != expected_count
)

select * from differences
