"""Popularity by genre, worked out movie by movie."""

import numpy as np
import pytest
from learning import preferences

from cinespark.algorithms.genre_popularity import SHRINKAGE, GenrePopularity

# movies 0 and 1 are of the first genre, 1 and 2 of the second; 3 has none; of 4 and 5,
# the one of the second genre, the other of a third, nobody has rated any
GENRES = np.array([[1, 0, 0], [1, 1, 0], [0, 1, 0], [0, 0, 0], [0, 1, 0], [0, 0, 1.0]])
DECADES = np.array([[1, 0], [1, 0], [0, 1], [0, 1], [0, 1], [0, 0.0]])
LIKES = [6, 3, 2, 1, 0, 0]


@pytest.fixture
def learnt():
    rows = [(user, movie, 1.0, 0) for movie in range(4) for user in range(LIKES[movie])]
    return preferences([*rows, (7, 3, 0.0, 0)], np.arange(6), 9)


def by_genre():
    """Return the likes that a movie of each genre is expected to have."""
    mean = (6 + 3 + 2 + 1) / 4
    first = (6 + 3 + SHRINKAGE * mean) / (2 + SHRINKAGE)
    second = (3 + 2 + SHRINKAGE * mean) / (2 + SHRINKAGE)
    third = mean  # of no rated movie
    return mean, [first, (first + second) / 2, second, mean, second, third]


def test_a_movie_is_as_popular_as_those_of_its_genres(learnt):
    _, expected = by_genre()
    scores = GenrePopularity.fitted(learnt, GENRES).scores(learnt)
    assert scores.shape == (9, 6)
    for row in scores:
        assert row == pytest.approx(expected)


def test_a_decade_counts_by_what_its_movies_have_over_their_genres(learnt):
    mean, expected = by_genre()
    prior = SHRINKAGE * mean
    old = (6 + 3 + prior) / (expected[0] + expected[1] + prior)
    new = (2 + 1 + prior) / (expected[2] + expected[3] + prior)
    times = [old, old, new, new, new, 1]
    found = GenrePopularity.fitted(learnt, GENRES, DECADES)
    assert found.expected == pytest.approx(np.multiply(expected, times))


def test_the_users_own_genres_count(learnt):
    found = GenrePopularity.fitted(learnt, GENRES, DECADES)
    scores = found.scores(learnt)
    # preferences by genre, a movie of two counting half for each; user 0 likes 0 to 3
    shares = np.array([6 + 1.5, 1.5 + 2, 0]) / 11
    mine = np.array([1 + 0.5, 0.5 + 1, 0])
    lift = (mine[:2] + SHRINKAGE * shares[:2]) / ((3 + SHRINKAGE) * shares[:2])
    times = [lift[0], np.sqrt(lift[0] * lift[1]), lift[1], 1, lift[1], 1]
    assert scores[0] == pytest.approx(found.expected * times)
    assert scores[7] == pytest.approx(found.expected)  # likes nothing
    assert scores[8] == pytest.approx(found.expected)  # has rated nothing


def test_likes_of_nobody_are_no_error():
    nothing = preferences([(0, 0, 0.0, 0)], np.arange(6), 1)
    for decades in (None, DECADES):
        scores = GenrePopularity.fitted(nothing, GENRES, decades).scores(nothing)
        assert not scores.any()


def test_movies_without_genres_are_all_the_same(learnt):
    scores = GenrePopularity.fitted(learnt, GENRES[:, :0], DECADES[:, :0]).scores(
        learnt
    )
    assert scores == pytest.approx(np.full((9, 6), 3.0))
