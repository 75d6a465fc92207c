"""Bayesian matrix factorization: its draws, its sum of samples, its repeatability."""

from dataclasses import replace

import numpy as np
import pytest
from learning import planted_ratings

from cinespark.algorithms.bayesian import fit_bayesian, low_rank
from cinespark.algorithms.folding import who_rated_what
from cinespark.algorithms.gibbs import (
    BayesianParams,
    draw_precisions,
    draw_wishart,
    implicit_vectors,
)
from cinespark.algorithms.ratings import Ratings

PARAMS = BayesianParams(
    factors=3, iterations=14, burn_in=4, implicit_features=2, link_ridge=10.0, seed=5
)


def expected(ratings, params, threads=2):
    """Return μ + b_u + b_i + p_u·q_i for everyone and everything."""
    mean, (of_users, p), (of_movies, q), _ = fit_bayesian(ratings, params, threads)
    return mean + of_users[:, None] + of_movies + p @ q.T


def test_the_same_seed_gives_the_same_numbers_whatever_the_threads():
    ratings = planted_ratings()
    one, two = (expected(ratings, PARAMS, threads) for threads in (1, 3))
    np.testing.assert_array_equal(one, two)
    other = expected(ratings, replace(PARAMS, seed=6), 1)
    assert not np.allclose(one, other)


def test_each_round_is_reported():
    rounds = []
    fit_bayesian(planted_ratings(), PARAMS, 2, lambda: rounds.append(1))
    assert len(rounds) == PARAMS.iterations


def test_the_last_rows_stand_for_anyone_unknown():
    ratings = planted_ratings()
    _, users, movies, _ = fit_bayesian(ratings, PARAMS, 2)
    assert [part.shape for part in users] == [(61,), (61, 6)]
    assert [part.shape for part in movies] == [(41,), (41, 6)]
    # someone unknown is expected to rate as people do on the whole
    stars = expected(ratings, PARAMS)[-1, :-1]
    assert stars.mean() == pytest.approx(ratings.stars.mean(), abs=0.3)


def test_precisions_are_drawn_around_those_of_the_errors():
    """Errors of one variance, but those of one user of many ratings and of one of few.

    What is drawn is α·share: of many ratings about 1 / variance; of few between that
    and what it is for all.
    """
    rng = np.random.default_rng(4)
    users = np.repeat(np.arange(42), [200] * 40 + [400, 1])
    scale = np.array([1.0] * 40 + [0.5, 0.01])[users]
    errors = rng.normal(0, scale)
    squares, counts = np.bincount(users, errors**2), np.bincount(users)
    draws, shares = [], np.ones(42)
    for _ in range(400):
        alpha, shares = draw_precisions(squares, counts, shares, rng)
        draws.append(alpha * shares)
    drawn = np.mean(draws, axis=0)
    assert drawn[:40].mean() == pytest.approx(1, abs=0.1)
    assert drawn[40] == pytest.approx(4, rel=0.2)
    assert drawn[41] == pytest.approx(1, abs=0.5)


def test_movies_are_learnt_from_steady_users_rather_than_from_erratic_ones():
    """Half of the users rate each movie as good as it is, half with much noise.

    With one precision for all the error is 0.28, with the first half alone 0.03.
    """
    rng = np.random.default_rng(0)
    users, movies = (axis.ravel() for axis in np.indices((60, 20)))
    worth = rng.normal(0, 0.7, 20)
    is_kept = rng.random(len(users)) < 0.4
    noise = rng.normal(0, np.where(users < 30, 0.1, 2.0))
    stars = 3 + worth[movies] + noise
    none = np.zeros((60, 0)), np.zeros((20, 0))
    everything = Ratings(np.arange(60), np.arange(20), users, movies, stars, *none)
    learnt = expected(everything.where(is_kept), PARAMS)[-1, :20]
    errors = (learnt - learnt.mean()) - (worth - worth.mean())
    assert np.sqrt(np.mean(errors**2)) < 0.15


def test_a_product_is_kept_whole_where_the_rank_suffices():
    rng = np.random.default_rng(1)
    left, right = rng.normal(size=(9, 3)), rng.normal(size=(7, 3))
    wide = np.hstack([left, left]), np.hstack([right, right])
    a, b = low_rank(*wide, rank=3)
    assert (a.shape, b.shape) == ((9, 3), (7, 3))
    np.testing.assert_allclose(a @ b.T, 2 * left @ right.T, atol=1e-10)


def test_the_nearest_product_of_lower_rank_is_that_of_the_svd():
    rng = np.random.default_rng(2)
    left, right = rng.normal(size=(8, 5)), rng.normal(size=(6, 5))
    a, b = low_rank(left, right, rank=2)
    u, s, vt = np.linalg.svd(left @ right.T)
    np.testing.assert_allclose(a @ b.T, (u[:, :2] * s[:2]) @ vt[:2], atol=1e-10)


def test_wishart_draws_have_the_mean_of_their_distribution():
    scale = np.array([[1.0, 0.3], [0.3, 0.5]])
    rng = np.random.default_rng(3)
    mean = np.mean([draw_wishart(scale, 7, rng) for _ in range(4000)], axis=0)
    np.testing.assert_allclose(mean, 7 * scale, rtol=0.06)


def test_implicit_features_are_what_the_seen_matrix_is_made_of():
    ratings = planted_ratings(users=12, movies=9)
    rated = ratings.matrix(ratings.stars)
    features = who_rated_what(rated, implicit_vectors(rated, 3, 0))
    seen = rated.toarray() > 0
    scaled = seen / seen.sum(axis=1)[:, None] ** 0.25
    left, values, _ = np.linalg.svd(scaled, full_matrices=False)
    lengths = np.sort(np.linalg.norm(features, axis=0))[::-1]
    np.testing.assert_allclose(lengths, values[:3], atol=1e-8)
    np.testing.assert_allclose(
        features @ features.T, (left[:, :3] * values[:3] ** 2) @ left[:, :3].T
    )
    assert implicit_vectors(rated[:1], 3, 0).shape == (9, 0)


def test_two_users_and_three_movies_are_enough_to_learn_from():
    user, movie = np.array([0, 0, 1]), np.array([0, 1, 0])
    none = np.zeros((2, 0))
    genres = np.eye(3)
    ratings = Ratings(
        np.array([1, 2]),
        np.array([1, 2, 3]),
        user,
        movie,
        np.array([4.0, 5.0, 3.5]),
        none,
        genres,
    )
    params = BayesianParams(16, 15, 5, 60, 10.0, 42)
    assert np.isfinite(expected(ratings, params)).all()
