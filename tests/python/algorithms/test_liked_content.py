"""The ranker by what is said of movies, next to ridge regression written out."""

import numpy as np
import pytest
from learning import preferences

from cinespark.algorithms.liked_content import fit_liked_content, liked_directions


@pytest.fixture
def learnt():
    """Return what 12 users like of 9 movies, of which the last has no rating."""
    rng = np.random.default_rng(3)
    rows = [
        (user, movie, round(rng.random(), 2), 0)
        for user in range(12)
        for movie in range(8)
        if rng.random() < 0.5
    ]
    return preferences(rows, np.arange(9) + 100, 12)


@pytest.fixture
def embeddings():
    vectors = np.random.default_rng(4).standard_normal((9, 3))
    vectors[4] = 0  # nothing is said of it
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.where(lengths > 0, lengths, 1)


def test_a_user_is_the_direction_of_what_is_liked(learnt, embeddings):
    found = liked_directions(learnt, embeddings)
    for user, vector in enumerate(found):
        total = np.zeros(3)
        for one, movie, value in zip(
            learnt.users, learnt.movies, learnt.values, strict=True
        ):
            if one == user:
                total += value * embeddings[movie]
        np.testing.assert_allclose(vector, total / np.linalg.norm(total))


@pytest.mark.parametrize("ridge", [0.1, 2.0])
def test_the_weights_are_those_of_ridge_regression_on_products(
    learnt, embeddings, ridge
):
    part = fit_liked_content(embeddings, learnt, ridge)
    users = liked_directions(learnt, embeddings)
    rated = embeddings[:8]
    liked = learnt.matrix(learnt.values).toarray()[:, :8]
    # one row per user and movie, and those of the three penalties
    root, eye = np.sqrt(ridge), np.eye(3)
    rows = [
        np.kron(users, rated),
        root * np.kron(users, eye),
        root * np.kron(eye, rated),
        ridge * np.kron(eye, eye),
    ]
    wanted = np.zeros(sum(map(len, rows)))
    wanted[: liked.size] = liked.ravel()
    weights = np.linalg.lstsq(np.vstack(rows), wanted)[0].reshape(3, 3)
    np.testing.assert_allclose(part.answers, embeddings @ weights.T, atol=1e-9)
    np.testing.assert_allclose(part.scores(learnt), users @ weights @ embeddings.T)


def test_what_is_said_of_a_movie_without_ratings_teaches_nothing(learnt, embeddings):
    part = fit_liked_content(embeddings, learnt, 1.0)
    other = embeddings.copy()
    other[8] = [0, 0, 1]
    again = fit_liked_content(other, learnt, 1.0)
    np.testing.assert_allclose(again.answers[:8], part.answers[:8])
    assert not np.allclose(again.answers[8], part.answers[8])


def test_who_likes_nothing_has_no_opinion(embeddings):
    rows = [(0, 0, 1.0, 0), (1, 1, 0.0, 0), (2, 4, 1.0, 0)]
    learnt = preferences(rows, np.arange(9), 4)
    scores = fit_liked_content(embeddings, learnt, 1.0).scores(learnt)
    assert np.isfinite(scores[0]).all()
    assert np.isnan(scores[1:]).all()


def test_nothing_is_learnt_where_nobody_likes_anything_or_nothing_is_said(embeddings):
    learnt = preferences([(0, 0, 0.0, 0)], np.arange(9), 1)
    assert not fit_liked_content(embeddings, learnt, 1.0).answers.any()
    assert fit_liked_content(np.zeros((9, 0)), learnt, 1.0).answers.shape == (9, 0)
