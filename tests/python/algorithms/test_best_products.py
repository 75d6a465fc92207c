"""The best products of vectors, against sorting all of them exactly."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from cinespark.algorithms import best_products as module
from cinespark.algorithms.best_products import best_products, error, rounded
from cinespark.algorithms.row_products import product

INF, NAN = np.inf, np.nan


def lists_of(users, vectors, rated, catalogue, n, is_liked=None):
    users, vectors = np.array(users, float), np.array(vectors, float)
    seen = np.zeros((len(users), len(vectors)))
    for row, positions in zip(seen, rated, strict=True):
        row[positions] = 1
    liked = np.ones(len(vectors), bool) if is_liked is None else np.array(is_liked)
    found = best_products(
        users, vectors, sparse.csr_array(seen), np.array(catalogue), liked, n
    )
    return [
        (places[:length].tolist(), scores[:length].tolist())
        for places, scores, length in zip(*found, strict=True)
    ]


def sorted_in_whole(user, vectors, seen, catalogue, n, is_liked):
    """Return one list by Python's integers, which are exact."""
    scores = [
        sum(int(a) * int(b) for a, b in zip(user, one, strict=True)) for one in vectors
    ]
    free = [place for place in range(len(vectors)) if place not in set(seen)]
    personal = [place for place in free if is_liked[place]]
    personal.sort(key=lambda place: (-scores[place], catalogue[place]))
    popular = [place for place in free if not is_liked[place]]
    listed = (personal + popular)[:n]
    return listed, [scores[at] if is_liked[at] else -INF for at in listed]


@given(
    st.integers(0, 2**32 - 1),
    st.integers(1, 60),
    st.integers(1, 12),
    st.sampled_from([0, 1, 2**8, 2**23]),
)
@settings(deadline=None, max_examples=200)
def test_lists_equal_sorting_the_whole_catalogue_exactly(seed, movies, n, apart):
    """Whole numbers: exact in double precision, and rounded in single precision.

    Movies are `apart` from one of three vectors at most, so that ties and scores which
    single precision cannot tell from each other are common.
    """
    rng = np.random.default_rng(seed)
    few = rng.integers(-(2**22), 2**22, (3, 4))
    near = rng.integers(-apart, apart + 1, (movies, 4))
    vectors = few[rng.integers(0, 3, movies)] + near
    users = rng.integers(-(2**24), 2**24, (5, 4))
    catalogue = rng.permutation(movies) + 1
    is_liked = rng.random(movies) < 0.8
    rated = [np.flatnonzero(rng.random(movies) < 0.3) for _ in users]
    with pytest.MonkeyPatch.context() as patched:
        for name, value in {"USERS": 2, "MOVIES": 7, "SPARE": 3, "CELLS": 90}.items():
            patched.setattr(module, name, value)
        lists = lists_of(users, vectors, rated, catalogue, n, is_liked)
    for user, seen, found in zip(users, rated, lists, strict=True):
        expected = sorted_in_whole(user, vectors, seen, catalogue, n, is_liked)
        assert found == expected


def test_single_precision_decides_nothing():
    """2^24 and 2^24 + 1 are one number there."""
    assert np.float32(2**24) == np.float32(2**24 + 1)
    lists = lists_of([[1.0]], [[2**24], [2**24 + 1], [5]], [[]], [1, 2, 3], 1)
    assert lists == [([1], [2**24 + 1])]


def test_a_user_without_a_vector_gets_the_popular_movies():
    lists = lists_of([[NAN, 1], [1, 0]], [[1, 0], [2, 0]], [[0], []], [7, 8], 2)
    assert lists == [([1], [-INF]), ([1, 0], [2, 1])]


def test_a_movie_whose_vector_is_not_finite_has_no_score():
    vectors = [[-2, 0], [NAN, 0], [INF, 0], [-1, 0]]
    movies = vectors, [[]], [1, 2, 3, 4]
    assert lists_of([[1, 1]], *movies, 4) == [([3, 0, 1, 2], [-1, -2, -INF, -INF])]
    assert lists_of([[1, 1]], *movies, 1) == [([3], [-1])]  # although it is below 0


@pytest.mark.parametrize("scale", [1e-320, 1e-200, 1e-30, 1e30, 1e200])
def test_very_large_and_very_small_vectors_are_in_order(scale):
    """Beyond what single precision holds, and where products are no numbers at all."""
    vectors = np.array([[1.0], [3.0], [2.0]]) * scale
    for users in ([[2.0]], [[2.0 * scale]]):
        ((places, scores),) = lists_of(users, vectors, [[]], [30, 20, 10], 3)
        with np.errstate(over="ignore"):
            products = (vectors @ np.array(users)).ravel()
        known = {place for place in range(3) if np.isfinite(products[place])}
        expected = sorted(known, key=lambda at: (-products[at], [30, 20, 10][at]))
        assert places == expected + [at for at in range(3) if at not in known]
        assert scores[: len(known)] == products[expected].tolist()


def test_catalogues_and_lists_may_be_empty():
    assert lists_of([[1.0]], [[1.0]], [[]], [1], 0) == [([], [])]
    assert lists_of([[1.0]], [[1.0]], [[0]], [1], 3) == [([], [])]
    assert lists_of([[1.0]], [[1.0], [2.0]], [[]], [1, 2], 1, [False, False]) == [
        ([0], [-INF])
    ]
    nothing = best_products(
        np.zeros((2, 3)),
        np.zeros((0, 3)),
        sparse.csr_array((2, 0)),
        np.zeros(0, int),
        np.zeros(0, bool),
        5,
    )
    assert nothing[2].tolist() == [0, 0]


@pytest.mark.parametrize("factors", [1, 16, 64, 257])
def test_products_in_single_precision_are_within_the_error(factors):
    """Vectors of one sign, one exponent and many digits, where errors add up."""
    rng = np.random.default_rng(factors)
    one, other = 0.5 + rng.random((2, 300, factors)) / 2  # so nothing is scaled
    (short, _), (also, _) = rounded(one, None), rounded(other, None)
    lengths = [np.linalg.norm(rows, axis=1) for rows in (one, other)]
    off = abs(short @ also.T - one @ other.T) / np.outer(*lengths)
    assert 0 < off.max() <= error(factors)


def test_a_product_is_rounded_once_for_each_factor():
    """As processors do for BLAS, here by fractions, which are exact."""
    one, other = np.random.default_rng(2).normal(size=(2, 40))
    total = 0.0
    for a, b in zip(one, other, strict=True):
        total = float(Fraction(a) * Fraction(b) + Fraction(total))
    assert product(one, other) == total


def test_scores_do_not_depend_on_who_else_is_asked_for():
    rng = np.random.default_rng(5)
    users, vectors = rng.normal(size=(70, 33)), rng.normal(size=(1003, 33))
    given_ = [[]] * len(users), np.arange(1003), 10
    together = lists_of(users, vectors, *given_)
    alone = [lists_of([user], vectors, [[]], *given_[1:])[0] for user in users]
    assert together == alone
