"""Embeddings of movies by Spark ML, next to TF-IDF worked out by hand."""

import numpy as np
import pytest

from cinespark.errors import CineSparkError
from cinespark.train.content import (
    ContentParams,
    content_arrays,
    movie_content,
    rows_of_movies,
    tf_idf,
    weighted_fields,
)

WEIGHTS = {"title": 0.4, "genre": 1.0, "tag": 1.0, "year": 0.8}
PARAMS = ContentParams(WEIGHTS, 4, 1)
MOVIES = [
    (3, ["title:the", "title:матрица", "genre:Sci-Fi", "tag:sea", "tag:sea"]),
    (1, ["title:the", "genre:Sci-Fi", "genre:War", "year:1990-1999"]),
    (7, ["title:the", "genre:War", "tag:sea", "year:1990-1999"]),
    (5, []),
    (4, ["title:alone"]),
]


@pytest.fixture
def table(spark):
    """Return a function that makes a table of movies and their terms."""
    return lambda rows: spark.createDataFrame(rows, "movie_id int, terms array<string>")


def cosines(content):
    arrays = content_arrays(content)
    return arrays["movie_ids"].tolist(), arrays["embeddings"] @ arrays["embeddings"].T


def test_terms_weigh_how_often_they_are_there_and_how_seldom_elsewhere(table):
    movie_ids, weighed, vocabulary = tf_idf(table(MOVIES))
    assert movie_ids.tolist() == [1, 3, 4, 5, 7]
    found = dict(zip(vocabulary, weighed.toarray().T.tolist(), strict=True))
    two, three = np.log(6 / 3), np.log(6 / 4)
    assert found == {
        "": [0] * 5,
        "genre:Sci-Fi": pytest.approx([two, two, 0, 0, 0]),
        "genre:War": pytest.approx([two, 0, 0, 0, two]),
        "tag:sea": pytest.approx([0, 2 * two, 0, 0, two]),
        "title:the": pytest.approx([three, three, 0, 0, three]),
        "year:1990-1999": pytest.approx([two, 0, 0, 0, two]),
    }


def test_a_field_counts_by_its_weight_however_many_terms_it_has(table):
    _, weighed, vocabulary = tf_idf(table(MOVIES))
    rows = weighted_fields(weighed, vocabulary, WEIGHTS).toarray()
    # title, two genres and the year of movie 1
    length = np.sqrt(0.4**2 + 1 + 0.8**2)
    half = np.sqrt(0.5)
    expected = sorted([0.4 / length, half / length, half / length, 0.8 / length])
    assert sorted(rows[0][rows[0] > 0]) == pytest.approx(expected)
    assert np.linalg.norm(rows, axis=1) == pytest.approx([1, 1, 0, 0, 1])


def test_with_all_dimensions_the_cosines_are_those_of_the_terms(table):
    movie_ids, found = cosines(
        movie_content(table(MOVIES), ContentParams(WEIGHTS, 9, 1))
    )
    _, weighed, vocabulary = tf_idf(table(MOVIES))
    rows = weighted_fields(weighed, vocabulary, WEIGHTS).toarray()
    assert movie_ids == [1, 3, 4, 5, 7]
    np.testing.assert_allclose(found, rows @ rows.T, atol=1e-6)


def test_the_same_rows_in_another_order_have_the_same_embeddings(table):
    once = movie_content(table(MOVIES), PARAMS)
    again = movie_content(table(MOVIES[::-1]).repartition(3), PARAMS)
    assert sorted(once.collect()) == sorted(again.collect())


def test_movies_of_which_nothing_is_said_have_no_embedding(table):
    rows = {
        row.movie_id: row.embedding
        for row in movie_content(table(MOVIES), PARAMS).collect()
    }
    assert rows[4] is None
    assert rows[5] is None
    assert len(rows[1]) == 4
    assert np.linalg.norm(rows[1]) == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("rows", [[], MOVIES[:1], MOVIES[3:4], MOVIES[3:]])
def test_few_movies_or_terms_are_enough(table, rows):
    found = movie_content(table(rows), PARAMS).collect()
    assert sorted(row.movie_id for row in found) == sorted(row[0] for row in rows)
    assert {row.embedding for row in found} <= {None}


def test_vectors_are_put_in_the_order_of_other_movies():
    vectors = np.array([[1.0, 2], [3, 4]])
    found = rows_of_movies(vectors, np.array([5, 9]), np.array([9, 7, 5]))
    assert found.tolist() == [[3, 4], [0, 0], [1, 2]]


@pytest.mark.parametrize(
    ("weights", "dimensions", "words"),
    [
        ({"title": 1.0}, 4, r"`content_weights` is \{'title': 1.0\}: give a number"),
        (WEIGHTS | {"tag": -1.0}, 4, "`content_weights` is"),
        (WEIGHTS, 0, "`content_dimensions` is 0: set it to 1 or more"),
    ],
)
def test_a_var_that_cannot_be_is_named(weights, dimensions, words):
    with pytest.raises(CineSparkError, match=words):
        ContentParams(weights, dimensions, 1)
