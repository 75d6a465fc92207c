"""Folding a user in, against equations solved in other ways."""

import numpy as np
import pytest
from scipy import sparse

from cinespark.algorithms.fold_in import fold_in, recency
from cinespark.errors import CineSparkError


def test_a_rating_counts_half_at_the_half_life_and_whole_when_none_is_newer():
    newer = np.array([0.0, 10.0, 20.0])
    assert recency(newer, 10.0).tolist() == [1.0, 0.5, 0.25]
    assert recency(newer, 1e6) == pytest.approx(1, abs=1e-4)


def test_a_folded_in_vector_is_the_least_squares_solution():
    rng = np.random.default_rng(1)
    vectors = rng.normal(size=(6, 3))
    weights = sparse.csr_array(np.array([[0.5, 0, 0, 1.0, 0, 0], [0, 0, 0, 0, 0, 2.0]]))
    users = fold_in(weights, vectors, vectors.T @ vectors, 0.3, 0.2)
    for row, user in zip(weights.toarray(), users, strict=True):
        # Σ c (1 − x·y)² + a₀ Σ over all (x·y)² + λ n |x|² has no slope there
        rated = row > 0
        slope = (
            -2 * (row * (1 - vectors @ user)) @ vectors
            + 2 * 0.3 * (vectors @ user) @ vectors
            + 2 * 0.2 * rated.sum() * user
        )
        np.testing.assert_allclose(slope, 0, atol=1e-10)


def test_a_history_of_nothing_liked_folds_in_to_zero():
    weights = sparse.csr_array((np.zeros(1), ([0], [1])), (1, 2))
    users = fold_in(weights, np.eye(2), np.eye(2), 0.1, 0.1)
    assert users.tolist() == [[0, 0]]


def test_equations_without_a_unique_solution_are_refused_with_the_way_out():
    weights = sparse.csr_array((np.zeros(1), ([0], [1])), (1, 2))
    with pytest.raises(CineSparkError, match="fold_in_regularization above 0"):
        fold_in(weights, np.eye(2), np.eye(2), 0.0, 0.0)
