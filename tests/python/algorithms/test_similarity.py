"""Similar movies against every pair, worked out one by one."""

import numpy as np
import pytest

from cinespark.algorithms import similarity
from cinespark.algorithms.similarity import (
    Mixture,
    Movies,
    neighbours_of,
    unit_vectors,
)

MIXTURE = Mixture(share=0.5, prior=20.0)


def some_movies(size=60, seed=3):
    """Return movies of which every sixth has no ratings and every seventh no content.

    Some have the same content as another, so that there are ties.
    """
    rng = np.random.default_rng(seed)
    content = rng.normal(size=(size, 4))
    content[1::5] = content[0]
    content[::7] = 0
    factors = rng.normal(size=(size, 3))
    counts = rng.integers(1, 100, size)
    factors[::6], counts[::6] = 0, 0
    ids = np.sort(rng.permutation(1000)[:size])
    return Movies(ids, unit_vectors(factors), unit_vectors(content), counts)


def all_pairs(movies, mixture, most):
    """Return {(movie, rank): (other, similarity)} by comparing every two movies."""
    expected = {}
    for one, count in enumerate(movies.rating_counts):
        found = []
        for other, other_count in enumerate(movies.rating_counts):
            fewer = min(count, other_count)
            weight = mixture.share * fewer / (fewer + mixture.prior)
            score = weight * (movies.by_ratings[one] @ movies.by_ratings[other])
            score += (1 - mixture.share) * (
                movies.by_content[one] @ movies.by_content[other]
            )
            if other != one and round(score, 6) > 0:
                found.append((-round(score, 6), movies.ids[other]))
        for rank, (score, other) in enumerate(sorted(found)[:most], 1):
            expected[movies.ids[one], rank] = other, -score
    return expected


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("cells", [1, 150, 2**22])
def test_neighbours_are_the_best_of_all_pairs_ties_by_id(monkeypatch, share, cells):
    monkeypatch.setattr(similarity, "BLOCK_CELLS", cells)
    monkeypatch.setattr(similarity, "PAIRS", 7)
    movies, mixture = some_movies(), Mixture(share, 20.0)
    found = neighbours_of(movies, mixture, 5, threads=2)
    expected = all_pairs(movies, mixture, 5)
    keys = zip(movies.ids[found.movies], found.ranks, strict=True)
    assert dict(
        zip(
            keys,
            zip(movies.ids[found.neighbours], found.similarity, strict=True),
            strict=True,
        )
    ) == {
        key: (other, pytest.approx(score)) for key, (other, score) in expected.items()
    }


def test_the_parts_of_a_similarity_add_up_to_it():
    movies = some_movies()
    found = neighbours_of(movies, MIXTURE, 10, threads=1)
    parts = found.weights * np.nan_to_num(found.by_ratings)
    parts += (1 - MIXTURE.share) * np.nan_to_num(found.by_content)
    np.testing.assert_allclose(parts, found.similarity, atol=1e-6)
    nobody = (movies.rating_counts == 0).nonzero()[0]
    of_nobody = np.isin(found.movies, nobody) | np.isin(found.neighbours, nobody)
    assert (np.isnan(found.by_ratings) == of_nobody).all()
    assert (found.weights[of_nobody] == 0).all()
    assert (found.weights[~of_nobody] > 0).all()


def test_a_movie_without_ratings_has_neighbours_by_content_and_the_other_way_round():
    vectors = np.array([[1.0, 0], [1, 0], [0, 0], [0, 0], [0, 0]])
    content = np.array([[1.0, 0], [0, 0], [1, 0], [0, 1], [0, 0]])
    counts = np.array([20, 60, 0, 0, 0])
    movies = Movies(np.arange(5) + 10, vectors, content, counts)
    found = neighbours_of(movies, MIXTURE, 20, threads=1)
    pairs = {
        (one + 10, other + 10): score
        for one, other, score in zip(
            found.movies, found.neighbours, found.similarity, strict=True
        )
    }
    # half, of 20 ratings half again; half by content; movies 13 and 14 are like none
    assert pairs == {(10, 11): 0.25, (11, 10): 0.25, (10, 12): 0.5, (12, 10): 0.5}


@pytest.mark.parametrize("size", [0, 1])
def test_a_movie_alone_is_like_nothing(size):
    movies = Movies(
        np.arange(size), np.ones((size, 1)), np.ones((size, 2)), np.ones(size, int)
    )
    assert len(neighbours_of(movies, MIXTURE, 20, threads=1).ranks) == 0


def test_without_factors_or_content_there_are_no_neighbours():
    movies = Movies(np.arange(3), np.zeros((3, 0)), np.zeros((3, 0)), np.zeros(3, int))
    assert len(neighbours_of(movies, Mixture(0.5, 0.0), 20, threads=1).ranks) == 0
