"""What each rating adds to a score, against dense matrices and the ranker itself."""

import numpy as np
import pytest
from learning import preferences
from scipy import sparse

from cinespark.algorithms.contributions import (
    MOST_NAMED,
    contributions_of,
    is_additive,
    reasons_of,
)
from cinespark.algorithms.ease import fit_ease
from cinespark.algorithms.ranker_model import (
    AskedEase,
    CoOccurrence,
    FoldedIn,
    LearntUsers,
    Popularity,
    RankerModel,
)
from cinespark.algorithms.transitions import Transitions

MOVIES, USERS, N = 12, 8, 4
EVERYTHING = np.ones(MOVIES, bool)


@pytest.fixture
def history():
    """Return ratings of eight users, one of whom likes nothing and one dislikes."""
    rng = np.random.default_rng(7)
    rows = []
    for user in range(USERS):
        movies = rng.permutation(MOVIES)[: 3 + user % 4]
        for newer, movie in enumerate(movies):
            value = 0.0 if user == 3 else rng.random()
            value = -0.5 if (user, newer) == (5, 1) else value
            rows.append((user, movie, value, newer))
    return preferences(rows, 10 * (np.arange(MOVIES) + 1), USERS)


@pytest.fixture
def listed(history):
    """Return movies that each user has not seen."""
    seen = history.seen().toarray() > 0
    return np.array([np.flatnonzero(~row)[:N] for row in seen])


def folded_in(rng, size=MOVIES, width=3):
    vectors = rng.normal(size=(size, width))
    return FoldedIn(vectors, vectors.T @ vectors, 4.0, 0.3, 0.2)


def asked_ease(rng, covered=MOVIES, people=30):
    likes = (rng.random((people, covered)) < 0.4) * rng.random((people, covered))
    return AskedEase(fit_ease(sparse.csr_array(likes), 2.0, 1), 0.5, 0.1), likes


def co_occurrence(rng, covered=MOVIES):
    dense = (rng.random((covered, covered)) < 0.6) * rng.random((covered, covered))
    return CoOccurrence(sparse.csr_array(dense)), dense


def transitions(rng, covered=MOVIES):
    matrix = rng.normal(size=(covered, covered)).astype(np.float32)
    return Transitions(matrix, 0.8), matrix


def alone(part):
    return RankerModel(10 * (np.arange(MOVIES) + 1), EVERYTHING, ((1.0, part),))


def added_by(part, history, listed):
    return contributions_of(alone(part))(history, listed, np.ones((1, USERS)))


def test_folded_in_als_is_taken_apart_as_hu_koren_and_volinsky_do(history, listed):
    part = folded_in(np.random.default_rng(1))
    added = added_by(part, history, listed)
    y = part.movie_vectors
    for user in range(USERS):
        mine = np.flatnonzero(history.users == user)
        weight = np.zeros(MOVIES)
        newer = history.newer_counts[mine]
        weight[history.movies[mine]] = history.values[mine] * 0.5 ** (newer / 4)
        # C counts every movie a₀, and a rated one |c| besides; p is 1 where it is liked
        confidence = np.diag(0.3 + np.abs(weight))
        penalty = 0.2 * len(mine) * np.eye(3)
        inverse = np.linalg.inv(y.T @ confidence @ y + penalty)
        similarity = y @ inverse @ y.T
        expected = similarity[listed[user]][:, history.movies[mine]] * np.maximum(
            weight[history.movies[mine]], 0
        )
        np.testing.assert_allclose(added[mine], expected.T, atol=1e-12)


@pytest.mark.parametrize("people", [5, 30])  # fewer than movies, and more
@pytest.mark.parametrize("covered", [MOVIES, 7])
def test_ease_adds_a_weight_times_an_entry_of_its_matrix(
    history, listed, people, covered
):
    part, likes = asked_ease(np.random.default_rng(2), covered, people)
    added = added_by(part, history, listed)
    inverse = np.linalg.inv(likes.T @ likes + 2 * np.eye(covered))
    b = np.zeros((MOVIES, MOVIES))
    b[:covered, :covered] = -inverse / np.diag(inverse)
    pairs = zip(history.users, history.movies, strict=True)
    for entry, (user, movie) in enumerate(pairs):
        half_life = 0.5 * history.rating_counts[entry]
        age = max(0.5 ** (history.newer_counts[entry] / half_life), 0.1)
        expected = history.values[entry] * age * b[movie, listed[user]]
        np.testing.assert_allclose(added[entry], expected, atol=1e-6)


@pytest.mark.parametrize("covered", [MOVIES, 7])
def test_co_occurrence_adds_a_weight_times_a_similarity(history, listed, covered):
    part, dense = co_occurrence(np.random.default_rng(3), covered)
    added = added_by(part, history, listed)
    whole = np.zeros((MOVIES, MOVIES))
    whole[:covered, :covered] = dense
    for entry, movie in enumerate(history.movies):
        # a tenth of the user's ratings are less than one
        weight = history.values[entry] * 0.5 ** history.newer_counts[entry]
        expected = weight * whole[movie, listed[history.users[entry]]]
        np.testing.assert_allclose(added[entry], expected, atol=1e-12)


@pytest.mark.parametrize("covered", [MOVIES, 7])
def test_a_transition_adds_a_weight_times_an_entry_of_its_matrix(
    history, listed, covered
):
    part, matrix = transitions(np.random.default_rng(3), covered)
    added = added_by(part, history, listed)
    whole = np.zeros((MOVIES, MOVIES))
    whole[:covered, :covered] = matrix
    for entry, (user, movie) in enumerate(
        zip(history.users, history.movies, strict=True)
    ):
        # each rating has a time of its own here; those not covered are no steps
        later = (history.users == user) & (history.movies < covered)
        later &= history.newer_counts < history.newer_counts[entry]
        weight = history.values[entry] * 0.8 ** later.sum()
        expected = weight * whole[movie, listed[user]]
        np.testing.assert_allclose(added[entry], expected, atol=1e-12)


def test_a_blend_adds_up_to_its_scores(history, listed):
    rng = np.random.default_rng(4)
    parts = folded_in(rng), asked_ease(rng, 9)[0], co_occurrence(rng, 9)[0]
    parts += (transitions(rng, 9)[0],)
    weights = (1.0, 0.5, 2.0, 1.5)
    ranker = RankerModel(
        history.catalogue, EVERYTHING, tuple(zip(weights, parts, strict=True))
    )
    scored = ranker.scored(history)
    added = contributions_of(ranker)(history, listed, scored.factors)
    reasons = reasons_of(history, added, scored.constants)
    scores = np.take_along_axis(scored.scores, listed, axis=1)
    assert (scores[3] == -np.inf).all()  # who likes nothing has no score
    others = np.delete(np.arange(USERS), 3)
    # EASE scores in single precision
    np.testing.assert_allclose(reasons.scores[others], scores[others], atol=1e-5)
    totals = np.array([added[history.users == user].sum(axis=0) for user in others])
    totals += scored.constants[others, None]
    np.testing.assert_allclose(reasons.scores[others], totals, atol=1e-12)


def test_what_is_named_adds_most_and_is_liked():
    history = preferences(
        [(0, 0, 0.5, 0), (0, 1, 0.5, 1), (0, 2, -0.5, 2), (0, 3, 0.5, 3), (0, 4, 1, 4)],
        [50, 40, 30, 20, 10],
        1,
    )
    added = np.array(
        [
            [0.2, -0.1, 0.3],
            [0.3, -0.2, 0.3],
            [9.0, -0.3, 0.0],  # disliked
            [0.4, 1e-12, 0.3],  # rounding
            [0.1, 0.7, 0.3],
        ]
    )
    reasons = reasons_of(history, added, np.array([-1.0]))
    assert reasons.counts.tolist() == [[3, 1, MOST_NAMED]]
    assert reasons.movies[0, 0].tolist() == [3, 1, 0]
    assert reasons.amounts[0, 0].tolist() == [0.4, 0.3, 0.2]
    assert reasons.movies[0, 1, 0] == 4
    assert reasons.amounts[0, 1].tolist() == [0.7, 0, 0]
    assert reasons.movies[0, 2].tolist() == [4, 3, 1]  # equal: the lower id first
    np.testing.assert_allclose(reasons.others[0], [9.1, -0.6, 0.3])
    np.testing.assert_allclose(reasons.scores[0], [9.0, -0.9, 0.2])


def test_vectors_of_users_and_popularity_are_no_sums_over_ratings():
    learnt = LearntUsers(np.arange(2), np.eye(2), np.ones((MOVIES, 2)))
    assert not is_additive(alone(learnt))
    assert not is_additive(alone(Popularity(np.arange(MOVIES))))
    assert is_additive(alone(folded_in(np.random.default_rng(0))))
