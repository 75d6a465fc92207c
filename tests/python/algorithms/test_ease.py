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
    arrays = fit_ease(sparse.csr_array(likes), 2.0)
    scores = ease_scores(arrays, sparse.csr_array(asked))
    for movie in range(8):
        others = np.delete(np.arange(8), movie)
        x = likes[:, others]
        weights = np.linalg.solve(x.T @ x + 2 * np.eye(7), x.T @ likes[:, movie])
        expected = asked[:, others] @ weights
        np.testing.assert_allclose(scores[:, movie], expected, atol=1e-5)
