"""Co-occurrence, against a history worked out by hand."""

import numpy as np
from learning import preferences
from scipy import sparse

from cinespark.algorithms.co_occurrence import (
    CoOccurrenceParams,
    co_occurrence,
    co_occurrence_scores,
)


def test_co_occurrence_looks_forward_and_decays():
    # one user: movie 0, then 1, then 2, all of preference 1
    rows = [(0, 0, 1, 2), (0, 1, 1, 1), (0, 2, 1, 0)]
    params = CoOccurrenceParams(1.0, 0.5, 0.5, 1.0, movies=3)
    found = co_occurrence(
        preferences(rows, [10, 20, 30], 1), params, threads=2
    ).toarray()
    raw = np.array([[0, 0.5, 0.25], [0.25, 0, 0.5], [0.125, 0.25, 0]])
    norm = np.sqrt(np.outer(raw.sum(axis=1), raw.sum(axis=0))) + 1
    np.testing.assert_allclose(found, raw / norm)


def test_only_the_most_liked_movies_co_occur():
    rows = [(0, 0, 1, 2), (0, 1, 1, 1), (0, 2, 1, 0)]
    params = CoOccurrenceParams(1.0, 0.5, 0.5, 1.0, movies=2)
    assert co_occurrence(
        preferences(rows, [10, 20, 30], 1), params, threads=2
    ).shape == (2, 2)


def test_scores_are_the_product_with_the_similarity():
    rng = np.random.default_rng(4)
    similarity = np.where(rng.random((5, 5)) < 0.5, rng.random((5, 5)), 0)
    similarity = similarity.astype(np.float32)
    asked = np.where(rng.random((4, 5)) < 0.5, rng.normal(size=(4, 5)), 0)
    asked[2] = 0
    matrices = sparse.csr_array(similarity), sparse.csr_array(asked)
    found = co_occurrence_scores(*matrices, movies=7)
    np.testing.assert_allclose(found[:, :5], asked @ similarity, rtol=1e-12)
    assert found.shape == (4, 7)
    assert not found[:, 5:].any()  # the similarity does not have them
