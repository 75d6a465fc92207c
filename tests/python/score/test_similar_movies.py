"""Similar movies from tables, with keys that are no positions."""

import pytest

from cinespark.errors import CineSparkError
from cinespark.score.similar_movies import similar_movies


@pytest.fixture
def tables(spark):
    """Return movies, ratings, factors and content: 30 is like 10 by its ratings."""
    movies = spark.createDataFrame([(30,), (10,), (20,), (40,)], "movie_id int")
    ratings = spark.createDataFrame(
        [(user, movie) for movie in (10, 30) for user in range(movie)] + [(1, 99)],
        "user_id int, movie_id int",
    )
    factors = spark.createDataFrame(
        [
            ("all", "movie", 30, [2.0, 0.0]),
            ("all", "movie", 10, [1.0, 0.0]),
            ("all", "movie", 99, [1.0, 0.0]),
            ("all", "user", 20, [1.0, 0.0]),
            ("fit", "movie", 20, [1.0, 0.0]),
        ],
        "subset string, entity string, entity_id int, factors array<float>",
    )
    content = spark.createDataFrame(
        [(10, [0.6, 0.8]), (20, [1.0, 0.0]), (30, None), (40, None)],
        "movie_id int, embedding array<float>",
    )
    return movies, ratings, factors, content


def similar(tables, share=0.5, prior=10.0, most=20):
    """Return the rows of similar movies."""
    movies, ratings, factors, content = tables
    found = similar_movies(movies, ratings, factors, content, share, prior, most)
    return found.collect()


def test_similar_movies_are_worked_out_by_hand(tables):
    found = similar(tables)
    rows = {(row.movie_id, row.rank): row for row in found}
    assert {key: row.similar_movie_id for key, row in rows.items()} == {
        (10, 1): 20,
        (10, 2): 30,
        (20, 1): 10,
        (30, 1): 10,
    }
    by_content, by_ratings = rows[10, 1], rows[10, 2]
    assert by_content.similarity == pytest.approx(0.5 * 0.6)
    assert by_content.collaborative_similarity is None
    assert (by_content.collaborative_weight, by_content.content_similarity) == (0, 0.6)
    # of 10 and 30 ratings the fewer: 10 / (10 + 10)
    assert by_ratings.similarity == pytest.approx(0.5 * 0.5)
    assert by_ratings.content_similarity is None
    assert by_ratings.collaborative_similarity == 1
    assert by_ratings.collaborative_weight == 0.25
    assert len({row.model_version for row in found}) == 1


def test_no_more_are_listed_than_asked_for(tables):
    found = similar(tables, most=1)
    assert sorted((row.movie_id, row.similar_movie_id) for row in found) == [
        (10, 20),
        (20, 10),
        (30, 10),
    ]


def test_without_rows_there_are_no_similar_movies(tables):
    nothing = [table.where("false") for table in tables]
    assert similar(nothing) == []


@pytest.mark.parametrize(
    ("share", "prior", "most", "words"),
    [
        (1.5, 20.0, 20, "`similar_collaborative_share` is 1.5: set it from 0"),
        (0.5, -1.0, 20, "`similar_prior_ratings` is -1.0: set it to 0 or more"),
        (0.5, 20.0, 0, "`similar_movies_listed` is 0: set it to 1 or more"),
    ],
)
def test_a_var_that_cannot_be_is_named(tables, share, prior, most, words):
    with pytest.raises(CineSparkError, match=words):
        similar(tables, share, prior, most)
