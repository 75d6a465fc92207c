-- Each mart's sum is what the core tables have: of all ratings, or of those of the
-- catalogue's movies where the mart is about movies.
with ratings as (select * from {{ ref('fct_ratings') }}),

movies as (select * from {{ ref('dim_movies') }}),

rating_totals as (select count(*) as rating_count from ratings),

movie_totals as (
    select
        count(*) as movie_count,
        coalesce(sum(rating_count), 0) as catalogue_rating_count,
        coalesce(sum(rating_count * size(genres)), 0) as genre_rating_count,
        coalesce(sum(rating_count) filter (where release_year is not null), 0)
            as dated_rating_count
    from movies
),

sums as (
    {% for mart, column, expected in [
        ('eda_rating_trends', 'sum(rating_count)', 'rating_count'),
        ('eda_rating_distribution', 'sum(rating_count)', 'rating_count'),
        ('eda_user_activity', 'sum(rating_count)', 'rating_count'),
        ('eda_activity_deciles', 'sum(rating_count)', 'rating_count'),
        ('eda_activity_inequality', 'sum(rating_count)', 'rating_count'),
        ('eda_activity_by_hour', 'sum(rating_count)', 'rating_count'),
        ('eda_movies_by_decade', 'sum(rating_count)', 'catalogue_rating_count'),
        ('eda_movies_by_decade', 'sum(movie_count)', 'movie_count'),
        ('eda_long_tail', 'max(rating_count)', 'catalogue_rating_count'),
        ('eda_long_tail', 'max(movie_count)', 'movie_count'),
        ('eda_popular_genres', 'sum(rating_count)', 'genre_rating_count'),
        ('eda_genre_trends', 'sum(rating_count)', 'genre_rating_count'),
        ('eda_ratings_by_movie_age', 'sum(rating_count)', 'dated_rating_count'),
    ] -%}
        select
            '{{ mart }}' as mart,
            '{{ expected }}' as expected,
            coalesce({{ column }}, 0) as found_count
        from {{ ref(mart) }}
        {{ 'union all' if not loop.last }}
    {% endfor -%}
),

compared_sums as (
    select
        sums.mart,
        sums.expected,
        sums.found_count,
        case sums.expected
            when 'rating_count' then rating_totals.rating_count
            when 'catalogue_rating_count' then movie_totals.catalogue_rating_count
            when 'movie_count' then movie_totals.movie_count
            when 'genre_rating_count' then movie_totals.genre_rating_count
            when 'dated_rating_count' then movie_totals.dated_rating_count
        end as expected_count
    from sums
    cross join rating_totals
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
