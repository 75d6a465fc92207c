"""What is known of ml-latest-small comes out of the tables."""

import pytest
import yaml

from cinespark.data.bring import bring


@pytest.fixture(scope="module")
def one(ml_latest_small, spark, dbt, tmp_path_factory):
    """Return a function that gives the first row of a query on the real data."""
    folder = tmp_path_factory.mktemp("landing")
    bring(str(ml_latest_small), folder, str)
    variables = yaml.safe_dump({"data_dir": str(folder / "current")})
    models = [
        "--select",
        "staging",
        "int_movie_genres",
        "marts.core",
        "marts.eda",
        "--indirect-selection",
        "cautious",
    ]
    assert dbt("build", *models, "--vars", variables, schema="movielens").success

    def query(sql):
        return tuple(spark.sql(sql.replace(" @", " movielens.")).first())

    return query


def test_every_line_of_the_readme_is_there(one):
    assert one("select count(*) from @fct_ratings") == (100_836,)
    assert one("select count(*) from @dim_movies") == (9_742,)
    assert one("select count(*) from @dim_users") == (610,)
    assert one("select count(*) from @stg_movielens__tags") == (3_683,)
    assert one("select count(*) from @rejected_rows") == (0,)


def test_movies_without_year_or_genres_are_counted(one):
    assert one(
        "select count_if(release_year is null), count_if(genres = array()) "
        "from @dim_movies"
    ) == (12, 34)


def test_doubled_quotes_and_commas_are_read(one):
    titles = "select title, release_year from @dim_movies where movie_id = "
    assert one(titles + "11")[0] == "The American President"
    assert one("select raw_title from @dim_movies where raw_title like '%11''09%'") == (
        "11'09\"01 - September 11 (2002)",
    )


def test_two_movies_of_one_title_and_year_stay_two(one):
    assert one(
        "select count(*), min(movie_id), max(movie_id) from @dim_movies "
        "where title = 'Emma' and release_year = 1996"
    ) == (2, 838, 26958)


def test_the_imdb_id_keeps_its_zeros(one):
    assert one("select imdb_id, tmdb_id from @dim_movies where movie_id = 1") == (
        "0114709",
        862,
    )
    assert one("select count(*) from @stg_movielens__links where tmdb_id is null") == (
        8,
    )


def test_titles_of_digits_and_ranges_of_years_are_taken_apart(one):
    digits = (
        "select count_if(alternative_titles = array()), count(*) from @dim_movies "
        "where title rlike '^[0-9]+$'"
    )
    assert one(digits) == (13, 16)  # three more have a name in brackets as well
    assert one(
        "select count(*), min(release_year) from @dim_movies "
        "where raw_title like '%(2006_2007)%'"
    ) == (1, 2006)
    assert one("select count(*) from @dim_movies where title rlike '^ |  | $'") == (0,)
    assert one(
        "select count(*) from @dim_movies where title rlike ', (The|A|An|La|Le|Les)$'"
    ) == (0,)


def test_the_marts_show_what_the_files_hold(one):
    assert one(
        "select movie_count from @eda_movies_by_decade where release_decade is null"
    ) == (12,)
    assert one("select sum(rating_count) from @eda_rating_distribution") == (100_836,)
    assert one(
        "select sum(movie_count) from (select distinct movie_count "
        "from @eda_long_tail where top_percent = 100)"
    ) == (9_742,)
    assert one("select count(*) from @eda_taste_by_age_and_gender") == (0,)
    assert one("select user_count, rating_count from @eda_activity_inequality") == (
        610,
        100_836,
    )
