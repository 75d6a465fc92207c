"""The bias model, worked out by hand and by an independent solver."""

import numpy as np
import pytest

from cinespark.algorithms.bias import BiasParams, fit_biases


def test_one_round_is_the_shrunken_means_in_turn():
    users = np.array([0, 0, 1])
    movies = np.array([0, 1, 0])
    ratings = np.array([5.0, 3.0, 4.0])  # mean 4, residuals 1, -1, 0
    params = BiasParams(user_shrinkage=1.0, movie_shrinkage=1.0, iterations=1)
    mean, user_bias, movie_bias = fit_biases(users, movies, ratings, params)
    assert mean == 4.0
    assert movie_bias == pytest.approx([1 / 3, -1 / 2])  # (1 + 0) / (2 + 1), -1 / 2
    # user 0: (1 - 1/3) + (-1 + 1/2) = 1/6, over 2 + 1; user 1: 0 - 1/3, over 1 + 1
    assert user_bias == pytest.approx([1 / 18, -1 / 6])


def test_many_rounds_reach_the_ridge_solution():
    rng = np.random.default_rng(3)
    users, movies = rng.integers(0, 6, 80), rng.integers(0, 5, 80)
    users[:6], movies[:5] = range(6), range(5)
    ratings = rng.integers(1, 6, 80).astype(float)
    params = BiasParams(user_shrinkage=5.0, movie_shrinkage=3.0, iterations=200)
    mean, user_bias, movie_bias = fit_biases(users, movies, ratings, params)
    design = np.zeros((80, 11))
    design[np.arange(80), users] = 1
    design[np.arange(80), 6 + movies] = 1
    penalty = np.diag([5.0] * 6 + [3.0] * 5)
    solution = np.linalg.solve(design.T @ design + penalty, design.T @ (ratings - mean))
    assert np.concatenate([user_bias, movie_bias]) == pytest.approx(solution, abs=1e-6)
