"""Item neighbourhoods, worked out by hand."""

import numpy as np
import pytest

from cinespark.algorithms.neighbourhood import (
    NeighbourhoodParams,
    neighbourhood_values,
    similar_movies,
)
from cinespark.algorithms.ratings import Ratings

# residuals of three users (rows) at three movies
USERS = np.array([0, 0, 1, 1, 2, 2, 2])
MOVIES = np.array([0, 1, 0, 1, 0, 1, 2])
RESIDUALS = np.array([1.0, 1.0, 1.0, -0.5, -1.0, -1.0, 2.0])


@pytest.fixture
def ratings():
    nothing = np.zeros((3, 0))
    return Ratings(
        np.arange(3), np.arange(3), USERS, MOVIES, RESIDUALS, nothing, nothing
    )


def test_similarity_is_the_shrunken_positive_cosine(ratings):
    params = NeighbourhoodParams(3.0, neighbours=2, kept=2, movies=9, ridge=0.5)
    places, similarity = similar_movies(ratings, RESIDUALS, params)
    # movies 0 and 1: 1 − 0.5 + 1 over √3 √2.25, three raters: × 3 / (3 + 3)
    expected = 1.5 / np.sqrt(3 * 2.25) / 2
    assert similarity[0] == pytest.approx([expected, 0])
    assert places[0, 0] == 1
    assert places[1, 0] == 0
    assert similarity[2].tolist() == [0, 0]  # only negative


def test_only_the_most_rated_movies_have_neighbours(ratings):
    params = NeighbourhoodParams(3.0, neighbours=2, kept=2, movies=1, ridge=0.5)
    _, similarity = similar_movies(ratings, RESIDUALS, params)
    assert not similarity.any()


def test_values_rest_on_the_nearest_movies_that_the_user_rated(ratings):
    places = np.array([[1, 2], [0, 2], [0, 1]], np.int32)
    similarity = np.array([[0.8, 0.4], [0.8, 0.2], [0.4, 0.2]], np.float32)
    users, movies = np.array([2, 0, 2]), np.array([0, 0, 2])

    def values(neighbours):
        return neighbourhood_values(
            ratings.matrix(RESIDUALS),
            places,
            similarity,
            users,
            movies,
            neighbours,
            0.5,
        )

    assert values(2) == pytest.approx(
        [
            (0.8 * -1 + 0.4 * 2) / (1.2 + 0.5),
            0.8 * 1 / (0.8 + 0.5),  # user 0 has not rated movie 2
            (0.4 * -1 + 0.2 * -1) / (0.6 + 0.5),
        ],
        abs=1e-6,
    )
    assert values(1)[0] == pytest.approx(-0.8 / 1.3, abs=1e-6)


def test_a_residual_of_zero_is_a_rating():
    ratings = Ratings(
        np.arange(1),
        np.arange(2),
        np.array([0]),
        np.array([1]),
        np.zeros(1),
        np.zeros((1, 0)),
        np.zeros((2, 0)),
    )
    (value,) = neighbourhood_values(
        ratings.matrix(np.zeros(1)),
        np.array([[1], [0]], np.int32),
        np.ones((2, 1), np.float32),
        np.array([0]),
        np.array([0]),
        1,
        0.0,
    )
    assert value == 0  # 1 × 0 / 1, not 0 / 0
