"""EASE, against ridge regressions solved one movie at a time."""

import numpy as np
import pytest
from scipy import sparse

from cinespark.algorithms.ease import ease_scores, fit_ease


@pytest.mark.parametrize("users", [5, 30])  # fewer than movies, and more
def test_ease_is_the_ridge_regression_without_a_movie_on_itself(users):
    rng = np.random.default_rng(2)
    likes = (rng.random((users, 8)) < 0.4).astype(float)
    asked = rng.random((3, 8)) * (rng.random((3, 8)) < 0.5)
    arrays = fit_ease(sparse.csr_array(likes), 2.0, threads=2)
    scores = ease_scores(arrays, sparse.csr_array(asked))
    for movie in range(8):
        others = np.delete(np.arange(8), movie)
        x = likes[:, others]
        weights = np.linalg.solve(x.T @ x + 2 * np.eye(7), x.T @ likes[:, movie])
        expected = asked[:, others] @ weights
        np.testing.assert_allclose(scores[:, movie], expected, atol=1e-5)


def test_ease_is_right_where_single_precision_is_not_enough():
    rng = np.random.default_rng(1)
    one = (rng.random((300, 1)) < 0.5) * rng.random((300, 1)) * 100
    ease = fit_ease(sparse.csr_array(np.repeat(one, 4, axis=1)), 1e-3, threads=1)
    scores = ease_scores(ease, sparse.csr_array([[1.0, 0, 0, 0]]))
    # of four that are always liked alike each other one knows a third
    np.testing.assert_allclose(scores[0, 1:], 1 / 3, atol=1e-4)
