"""Predictions from arrays, against numbers worked out by hand."""

import numpy as np
import pytest

from cinespark.algorithms.arrays import arrays_sha256
from cinespark.algorithms.predict import predict_ratings
from cinespark.algorithms.predictor_model import PredictorModel

NAN = np.nan


@pytest.fixture
def arrays():
    """Return users 2 and 7, movies 10 and 30; user 2 and movie 30 have no vector."""
    return {
        "scale": np.array([0.5, 5.0]),
        "global_mean": np.array([3.0]),
        "user_ids": np.array([2, 7]),
        "user_bias": np.array([-1.0, 0.5, 0.0]),
        "user_counts": np.array([1, 2, 0]),
        "user_factors": np.array([[NAN, NAN], [1.0, 2.0], [NAN, NAN]], np.float32),
        "movie_ids": np.array([10, 30]),
        "movie_bias": np.array([0.25, 2.0, 0.0]),
        "movie_counts": np.array([2, 1, 0]),
        "movie_factors": np.array([[0.5, 0.25], [NAN, NAN], [NAN, NAN]], np.float32),
    }


@pytest.mark.parametrize(
    ("user", "movie", "stars", "is_cold"),
    [
        (7, 10, 4.75, False),  # 3 + 0.5 + 0.25 + 1 × 0.5 + 2 × 0.25
        (7, 30, 5.0, False),  # no vector of the movie: 3 + 0.5 + 2, clipped
        (2, 10, 2.25, False),  # no vector of the user: 3 − 1 + 0.25
        (2, 99, 2.0, True),  # movie unknown: 3 − 1
        (1, 30, 5.0, True),  # user unknown: 3 + 2
        (100, 100, 3.0, True),
    ],
)
def test_stars_are_biases_and_the_dot_product_if_there_is_one(
    arrays, user, movie, stars, is_cold
):
    predicted = predict_ratings(
        PredictorModel.from_arrays(arrays), np.array([user]), np.array([movie])
    )
    assert [values.tolist() for values in predicted] == [[stars], [is_cold]]


def test_the_last_vector_is_that_of_anyone_unknown(arrays):
    arrays["user_factors"][-1] = [2.0, 0.0]
    stars, is_cold = predict_ratings(
        PredictorModel.from_arrays(arrays), np.array([1]), np.array([10])
    )
    assert stars.tolist() == [3 + 0.25 + 2 * 0.5]
    assert is_cold.tolist() == [True]


def test_a_movie_that_is_known_but_not_rated_is_cold(arrays):
    arrays["movie_counts"][0] = 0
    _, is_cold = predict_ratings(
        PredictorModel.from_arrays(arrays), np.array([7]), np.array([10])
    )
    assert is_cold.tolist() == [True]


def test_neighbours_add_what_the_user_left_over_at_similar_movies(arrays):
    arrays |= {
        "neighbour_movies": np.array([[1], [0], [0]], np.int32),
        "neighbour_similarity": np.array([[0.5], [0.5], [0.0]], np.float32),
        "neighbours": np.array([40]),
        "neighbour_ridge": np.array([0.5]),
        "neighbour_weight": np.array([2.0]),
        "history_starts": np.array([0, 1, 1, 1]),
        "history_movies": np.array([1]),  # user 2 rated movie 30
        "history_residuals": np.array([0.5], np.float32),
    }
    users, movies = np.array([2, 7, 2, 1]), np.array([10, 10, 99, 10])
    stars, _ = predict_ratings(PredictorModel.from_arrays(arrays), users, movies)
    # 2 × 0.5 × 0.5 / (0.5 + 0.5) more for user 2 and movie 10
    assert stars.tolist() == [2.75, 4.75, 2.0, 3.25]


def test_no_pairs_give_no_stars(arrays):
    stars, is_cold = predict_ratings(
        PredictorModel.from_arrays(arrays), np.array([], int), np.array([], int)
    )
    assert (len(stars), len(is_cold)) == (0, 0)


def test_a_sum_changes_with_any_value(arrays):
    before = arrays_sha256(arrays)
    assert arrays_sha256(dict(reversed(arrays.items()))) == before
    arrays["user_bias"][0] += 1e-12
    assert arrays_sha256(arrays) != before
