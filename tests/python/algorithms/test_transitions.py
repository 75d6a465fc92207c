"""Transitions, against rows of X and Y that are written out one by one."""

import numpy as np
import pytest
from learning import preferences

from cinespark.algorithms.ranker_model import FoldedIn, RankerModel
from cinespark.algorithms.transitions import (
    TransitionParams,
    Transitions,
    covered_movies,
    fit_transitions,
    sums_of_histories,
)
from cinespark.errors import CineSparkError

MOVIES, USERS = 9, 7
SETTINGS = [(0.4, 0.0), (0.75, 0.5), (0.97, 0.8), (0.1, 0.9)]


@pytest.fixture
def history():
    """Return ratings of users, many of one time, some worth nothing or less."""
    rng = np.random.default_rng(3)
    rows = []
    for user in range(USERS):
        movies = rng.permutation(MOVIES)[: 3 + user % 6]
        times = rng.integers(0, 4, len(movies))  # the user's last one has only these
        for movie, time in zip(movies, times, strict=True):
            newer = (times > time).sum()
            rows.append((user, movie, rng.choice([0.0, -0.5, *rng.random(4)]), newer))
    return preferences(rows, 10 * (np.arange(MOVIES) + 1), USERS)


def long_history(length):
    """Return one user's ratings, each of a movie and time of its own."""
    values = np.random.default_rng(5).random(length)
    rows = [(0, place, values[place], length - 1 - place) for place in range(length)]
    return preferences(rows, np.arange(length), 1)


def powers(decay):
    """Return what is left of a decay at each distance: at most 60, at least 0.01."""
    return [decay**k if k < 60 and decay**k >= 0.01 else 0.0 for k in range(200)]


def groups(history, size, user):
    """Return what the user rates at each time, oldest first, as vectors."""
    mine = (history.users == user) & (history.movies < size)
    newer, movies, values = (
        column[mine]
        for column in (history.newer_counts, history.movies, history.values)
    )
    found = []
    for time in sorted(set(newer), reverse=True):
        vector = np.zeros(size)
        for movie, value in zip(
            movies[newer == time], values[newer == time], strict=True
        ):
            vector[movie] += value / np.sqrt((newer == time).sum())
        found.append(vector)
    return found


def written_out(history, size, past, future):
    """Return X and Y, a row for each time of each user that another one follows."""
    x, y = [], []
    for user in range(len(history.user_ids)):
        mine = groups(history, size, user)
        for t in range(len(mine) - 1):
            x.append(sum(powers(past)[t - j] * mine[j] for j in range(t + 1)))
            later = range(t + 1, len(mine))
            y.append(sum(powers(future)[j - t - 1] * mine[j] for j in later))
    return np.array(x), np.array(y)


@pytest.mark.parametrize("size", [MOVIES, 5])
@pytest.mark.parametrize(("past", "future"), SETTINGS)
def test_sums_over_pairs_are_those_of_written_out_rows(history, size, past, future):
    x, y = written_out(history, size, past, future)
    params = TransitionParams(past, future, 1.0)
    gram, cross = sums_of_histories(history, size, params, threads=2)
    np.testing.assert_allclose(gram, x.T @ x, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(cross, x.T @ y, rtol=1e-5, atol=1e-6)


def test_pasts_and_futures_are_cut_where_hardly_anything_is_left():
    history = long_history(140)  # more than both reach
    x, y = written_out(history, 140, 0.97, 0.9)
    params = TransitionParams(0.97, 0.9, 1.0)
    gram, cross = sums_of_histories(history, 140, params, threads=2)
    np.testing.assert_allclose(gram, x.T @ x, rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(cross, x.T @ y, rtol=1e-5, atol=1e-7)
    assert gram[0, 59] > 0 == gram[0, 60]


@pytest.mark.parametrize(("past", "future"), SETTINGS)
def test_the_solution_is_that_of_the_normal_equations(history, past, future):
    x, y = written_out(history, MOVIES, past, future)
    found = fit_transitions(history, MOVIES, TransitionParams(past, future, 0.5), 2)
    expected = np.linalg.solve(x.T @ x + 0.5 * np.eye(MOVIES), x.T @ y)
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_a_score_is_that_of_the_last_past(history):
    matrix = np.random.default_rng(1).normal(size=(5, 5)).astype(np.float32)
    scores = Transitions(matrix, 0.75).scores(history)
    assert scores.shape == (USERS, MOVIES)
    for user in range(USERS):
        mine = groups(history, 5, user)
        x = sum((0.75**k * one for k, one in enumerate(reversed(mine))), np.zeros(5))
        np.testing.assert_allclose(scores[user, :5], x @ matrix, atol=1e-6)
    assert not scores[:, 5:].any()


def test_one_asked_alone_gets_the_score_that_all_together_give(history):
    matrix = np.random.default_rng(1).normal(size=(5, 5)).astype(np.float32)
    part = Transitions(matrix, 0.75)
    together = part.scores(history)
    for user in range(USERS):
        alone = part.scores(history.of_users(np.array([user])))
        np.testing.assert_array_equal(alone[0], together[user])


def test_whom_a_transition_knows_nothing_of_the_other_parts_score_for():
    # the second user has rated only what the transition does not cover
    history = preferences([(0, 0, 1, 0), (1, 3, 1, 0)], [10, 20, 30, 40], 2)
    vectors = np.array([[1.0, 0], [2, 1], [0, 3], [1, 1]])
    other = FoldedIn(vectors, vectors.T @ vectors, 10.0, 0.1, 0.1)
    matrix = np.array([[0, 1], [1, 0]], np.float32)
    parts = ((1.0, other), (2.0, Transitions(matrix, 0.5)))
    scored = RankerModel(history.catalogue, np.ones(4, bool), parts).scored(history)
    plain = other.scores(history)[1]
    expected = (plain - plain[:3].mean()) / plain[:3].std()
    np.testing.assert_allclose(scored.scores[1], expected)
    assert scored.factors[1, 1] == 0
    assert scored.scores[0].argmax() == 1  # which the transition says


def test_movies_of_few_likes_take_no_part():
    rows = [(user, 0, 1, 0) for user in range(5)] + [
        (user, 1, 1, 0) for user in range(4)
    ]
    learnt = preferences(rows, [10, 20], 5)
    assert covered_movies(learnt, 100) == 1
    assert covered_movies(learnt, 0) == 0


def test_a_ridge_that_is_too_small_is_named():
    same = preferences([(0, 0, 1, 1), (0, 1, 1, 1), (0, 2, 1, 0)], [10, 20, 30], 1)
    with pytest.raises(CineSparkError, match=r"ridge 1e-60 .* the var `transitions`"):
        fit_transitions(same, 3, TransitionParams(0.5, 0.5, 1e-60), 1)


@pytest.mark.parametrize("numbers", [(1.2, 0, 1), (0.5, -0.1, 1), (0.5, 0.5, 0)])
def test_settings_that_cannot_be_are_named(numbers):
    with pytest.raises(CineSparkError, match=r"`transitions` has one with past"):
        TransitionParams(*numbers)
