"""Popularity by segment, against the formula written out movie by movie."""

import math

import numpy as np
import pandas as pd
import pytest
from learning import preferences

from cinespark.algorithms.segments import (
    ATTRIBUTES,
    segment_likes,
    segment_popularity,
)

SHRINKAGE = 2.0
CATALOGUE = np.array([30, 10, 20, 40])  # nobody likes 40


def made_people(count=12, seed=3):
    """Return people of whom some have not said everything, or nothing at all."""
    rng = np.random.default_rng(seed)
    people = pd.DataFrame(
        {
            "user_id": np.arange(count) + 1,
            "gender": rng.choice(["F", "M"], count),
            "age_band": rng.choice(["18-24", "25-34", "35-44"], count),
            "occupation": rng.choice(["artist", "doctor"], count),
        }
    ).astype(dict.fromkeys(ATTRIBUTES, object))
    people.loc[people["user_id"] == 2, list(ATTRIBUTES)] = None
    people.loc[people["user_id"] == 3, "occupation"] = None
    return people


@pytest.fixture(scope="module")
def people():
    return made_people()


@pytest.fixture(scope="module")
def likes(people):
    """Return likes of the first ten of the people."""
    rng = np.random.default_rng(7)
    liked = rng.random((10, 3)) < 0.6
    user, movie = np.nonzero(liked)
    return pd.DataFrame({"user_id": user + 1, "movie_id": 10 * (movie + 1)})


@pytest.fixture(scope="module")
def model(people, likes):
    counted = likes["movie_id"].value_counts().reindex(CATALOGUE, fill_value=0)
    counts = segment_likes(likes, people)
    return segment_popularity(counts, people, CATALOGUE, counted.to_numpy(), SHRINKAGE)


def asked(users):
    """Return users who have rated nothing that counts, as a ranker is asked."""
    history = preferences([(0, 0, 0.0, 0)], CATALOGUE, len(users))
    history.user_ids[:] = users
    return history


def by_hand(user, movie, people, likes):
    """Return the score of a user and movie, by counting rows of likes."""
    share = (likes.movie_id == movie).sum() / len(likes)
    if share == 0:
        return -math.inf
    score = math.log(share)
    me = people[people.user_id == user].iloc[0]
    for attribute in ATTRIBUTES:
        if me[attribute] is None:
            continue
        alike = set(people[people[attribute] == me[attribute]].user_id)
        of_them = likes[likes.user_id.isin(alike)]
        here = (of_them.movie_id == movie).sum()
        score += math.log((here + SHRINKAGE) / (share * len(of_them) + SHRINKAGE))
    return score


def test_scores_are_the_formula_counted_by_hand(model, people, likes):
    users = [1, 3, *range(4, 13)]  # 11 and 12 like nothing
    scores = model.scores(asked(users))
    for row, user in zip(scores, users, strict=True):
        expected = [by_hand(user, movie, people, likes) for movie in CATALOGUE]
        np.testing.assert_allclose(row, expected, atol=1e-12)


def test_of_whom_nothing_is_known_there_is_no_opinion(model):
    scores = model.scores(asked([2, 99]))
    assert np.isnan(scores).all()
    assert scores.shape == (2, 4)


def test_who_is_unlike_everybody_gets_what_is_popular(likes, people):
    only_me = pd.DataFrame(
        {"user_id": [50], "gender": ["X"], "age_band": [None], "occupation": [None]}
    )
    counted = likes["movie_id"].value_counts().reindex(CATALOGUE, fill_value=0)
    model = segment_popularity(
        segment_likes(likes, people), only_me, CATALOGUE, counted.to_numpy(), SHRINKAGE
    )
    (scores,) = model.scores(asked([50]))
    liked = counted.to_numpy() > 0
    np.testing.assert_allclose(np.exp(scores[liked]).sum(), 1)
    assert (np.argsort(-scores) == np.argsort(-counted.to_numpy(), kind="stable")).all()


def test_much_shrinkage_leaves_popularity(likes, people):
    counted = likes["movie_id"].value_counts().reindex(CATALOGUE, fill_value=0)
    model = segment_popularity(
        segment_likes(likes, people), people, CATALOGUE, counted.to_numpy(), 1e12
    )
    np.testing.assert_allclose(model.gains, 0, atol=1e-9)


def test_without_people_nobody_is_known():
    nobody = made_people(0).astype(object)
    nothing = pd.DataFrame({"user_id": [], "movie_id": []}, dtype=int)
    model = segment_popularity(
        segment_likes(nothing, nobody), nobody, CATALOGUE, np.zeros(4, int), SHRINKAGE
    )
    assert np.isnan(model.scores(asked([1]))).all()
