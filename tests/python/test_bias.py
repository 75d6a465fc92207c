"""The bias model, worked out by hand and by an independent solver."""

import numpy as np
import pandas as pd
import pytest

from cinespark.bias import BiasParams, bias_terms, fit_biases


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


def test_terms_carry_the_ids_of_users_and_movies(spark):
    rows = [(10, 7, 5.0), (10, 8, 3.0), (20, 7, 4.0)]
    ratings = spark.createDataFrame(rows, "user_id int, movie_id int, rating double")
    terms = {
        (row.entity, row.entity_id): row.bias
        for row in bias_terms(ratings, BiasParams(1.0, 1.0, 1)).collect()
    }
    assert terms == pytest.approx(
        {
            ("global", 0): 4.0,
            ("movie", 7): 1 / 3,
            ("movie", 8): -1 / 2,
            ("user", 10): 1 / 18,
            ("user", 20): -1 / 6,
        }
    )


def test_no_ratings_give_no_terms(spark):
    ratings = spark.createDataFrame([], "user_id int, movie_id int, rating double")
    assert bias_terms(ratings, BiasParams(5.0, 5.0, 15)).count() == 0


def test_the_order_of_the_rows_changes_no_bit(spark):
    rng = np.random.default_rng(4)
    rows = [(n // 20, n % 20, float(rng.integers(1, 11) / 2)) for n in range(400)]
    schema = "user_id int, movie_id int, rating double"

    def terms(order):
        shuffled = spark.createDataFrame([rows[n] for n in order], schema)
        found = bias_terms(shuffled, BiasParams(5.0, 5.0, 15)).toPandas()
        return found.sort_values(["entity", "entity_id"], ignore_index=True)

    expected = terms(range(400))
    for _ in range(3):
        pd.testing.assert_frame_equal(
            terms(rng.permutation(400)), expected, check_exact=True
        )
