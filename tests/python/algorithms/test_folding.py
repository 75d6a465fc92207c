"""Folding in users whom a predictor has not seen, against those that it has."""

import numpy as np
import pytest
from learning import planted_ratings

from cinespark.algorithms.bayesian import fit_bayesian
from cinespark.algorithms.folding import expected_shares, fold_users, who_rated_what
from cinespark.algorithms.gibbs import BayesianParams

PARAMS = BayesianParams(
    factors=3, iterations=60, burn_in=20, implicit_features=4, link_ridge=10.0, seed=5
)


def folded(everyone, learnt, shown):
    """Return predicted stars of all, folded in by a chain of some users' ratings."""
    chosen = np.flatnonzero(learnt)
    mean, _, (of_movies, q), folding = fit_bayesian(
        everyone.where(shown).of_users(chosen), PARAMS, 2
    )
    given = everyone.where(shown)
    bias, p = fold_users(folding, given.matrix(given.stars), everyone.user_features)
    return mean + bias[:, None] + of_movies[:-1] + p @ q[:-1].T


def rmse(predicted, ratings, where):
    errors = ratings.stars - predicted[ratings.users, ratings.movies]
    return np.sqrt(np.mean(errors[where] ** 2))


def test_users_of_a_chain_and_others_are_predicted_about_as_well():
    """Half of 200 users are learnt from: the hidden ratings of all are as well known.

    The ratings' own noise is 0.2.
    """
    everyone = planted_ratings(seed=3, users=200)
    rng = np.random.default_rng(0)
    shown = rng.random(len(everyone.stars)) < 0.8
    learnt = np.arange(200) < 100
    predicted = folded(everyone, learnt, shown)
    of_learnt = learnt[everyone.users]
    seen_before = rmse(predicted, everyone, ~shown & of_learnt)
    folded_in = rmse(predicted, everyone, ~shown & ~of_learnt)
    assert folded_in < 0.33
    assert folded_in == pytest.approx(seen_before, abs=0.03)
    everyone_learnt = rmse(folded(everyone, learnt | True, shown), everyone, ~shown)
    assert folded_in < everyone_learnt + 0.05


def test_a_user_without_ratings_is_expected_to_rate_as_people_do():
    everyone = planted_ratings(seed=3)
    none = everyone.where(np.zeros(len(everyone.stars), bool))
    mean, _, (of_movies, q), folding = fit_bayesian(everyone, PARAMS, 2)
    bias, p = fold_users(folding, none.matrix(none.stars), none.user_features)
    stars = mean + bias[0] + of_movies[:-1] + q[:-1] @ p[0]
    assert stars.mean() == pytest.approx(everyone.stars.mean(), abs=0.2)


def test_a_share_of_precision_lies_between_the_users_own_and_everyones():
    # 400 errors of variance 1/4 at α = 1, none, and one that is very small
    shares = expected_shares(np.array([100.0, 0, 1e-9]), np.array([400, 0, 1]), 1.0)
    assert shares == pytest.approx([202 / 52, 1, 1.25])


def test_who_rated_what_does_not_depend_on_the_stars():
    ratings = planted_ratings(users=8, movies=6)
    vectors = np.arange(12.0).reshape(6, 2)
    found = who_rated_what(ratings.matrix(ratings.stars), vectors)
    seen = ratings.matrix(ratings.stars).toarray() > 0
    expected = seen @ vectors / seen.sum(axis=1)[:, None] ** 0.25
    np.testing.assert_allclose(found, expected)
