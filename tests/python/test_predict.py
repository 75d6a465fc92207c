"""Predictions from arrays, against numbers worked out by hand."""

import numpy as np
import pandas as pd
import pytest

from cinespark.predict import (
    arrays_sha256,
    predict_ratings,
    predictor_arrays,
    ranker_arrays,
    with_predictions,
)

TERMS = pd.DataFrame(
    [
        ("global", 0, 3.0),
        ("user", 7, 0.5),
        ("user", 2, -1.0),
        ("movie", 10, 0.25),
        ("movie", 30, 2.0),
    ],
    columns=["entity", "entity_id", "bias"],
)
FACTORS = pd.DataFrame(
    [("user", 7, [1.0, 2.0]), ("movie", 10, [0.5, 1.5]), ("movie", 30, [4.0, 4.0])],
    columns=["entity", "entity_id", "factors"],
)


@pytest.fixture
def arrays():
    return predictor_arrays(TERMS, FACTORS, 0.5, 5.0)


@pytest.mark.parametrize(
    ("user", "movie", "stars", "is_cold"),
    [
        (7, 10, 3.5, False),  # 1 × 0.5 + 2 × 1.5
        (7, 30, 5.0, False),  # 12, clipped
        (2, 10, 2.25, False),  # no vector: 3 − 1 + 0.25
        (2, 99, 2.0, True),  # movie unknown: 3 − 1
        (1, 30, 5.0, True),  # user unknown: 3 + 2
        (100, 100, 3.0, True),
    ],
)
def test_stars_are_the_dot_product_or_else_the_biases(
    arrays, user, movie, stars, is_cold
):
    predicted = predict_ratings(arrays, np.array([user]), np.array([movie]))
    assert [values.tolist() for values in predicted] == [[stars], [is_cold]]


def test_without_factors_the_bias_model_predicts():
    arrays = predictor_arrays(TERMS, FACTORS.head(0), 0.5, 5.0)
    stars, _ = predict_ratings(arrays, np.array([7, 2]), np.array([10, 30]))
    assert stars.tolist() == [3.75, 4.0]


def test_ids_are_in_order_with_their_vectors(arrays):
    assert arrays["user_ids"].tolist() == [2, 7]
    assert np.isnan(arrays["user_factors"][0]).all()
    assert arrays["user_factors"][1].tolist() == [1.0, 2.0]
    ranker = ranker_arrays(FACTORS.iloc[::-1])
    assert ranker["movie_ids"].tolist() == [10, 30]
    assert ranker["movie_factors"].tolist() == [[0.5, 1.5], [4.0, 4.0]]


def test_a_sum_changes_with_any_value_but_not_with_the_order_of_rows(arrays):
    backwards = predictor_arrays(TERMS.iloc[::-1], FACTORS.iloc[::-1], 0.5, 5.0)
    assert arrays_sha256(arrays) == arrays_sha256(backwards)
    other = predictor_arrays(TERMS, FACTORS, 1.0, 5.0)
    assert arrays_sha256(arrays) != arrays_sha256(other)


def test_a_table_of_pairs_gets_the_same_numbers(spark, arrays):
    pairs = spark.createDataFrame(
        [(7, 10, "a"), (2, 99, "b")], "user_id int, movie_id int, note string"
    )
    rows = with_predictions(pairs, arrays).collect()
    assert [tuple(row) for row in rows] == [
        (7, 10, "a", 3.5, False),
        (2, 99, "b", 2.0, True),
    ]
