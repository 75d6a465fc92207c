"""Embeddings against a full decomposition, and of rows that hardly say anything."""

import numpy as np
import pytest
from scipy import sparse

from cinespark.algorithms.embedding import embedded, unit_rows


def random_rows(rows=300, columns=200, seed=5):
    """Return sparse rows of length 1 with a structure of five kinds."""
    rng = np.random.default_rng(seed)
    kinds = rng.random((5, columns)) ** 8
    dense = rng.dirichlet(np.full(5, 0.3), rows) @ kinds
    dense *= rng.random(dense.shape) < 0.95
    return unit_rows(sparse.csr_array(dense))


def test_embeddings_are_directions_in_the_largest_dimensions():
    rows = random_rows()
    _, _, directions = np.linalg.svd(rows.toarray(), full_matrices=False)
    expected = rows.toarray() @ directions[:5].T
    expected /= np.linalg.norm(expected, axis=1, keepdims=True)
    found = embedded(rows, 5, seed=1)
    np.testing.assert_allclose(found @ found.T, expected @ expected.T, atol=1e-3)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1)


def test_the_largest_component_of_each_dimension_is_positive():
    rows = random_rows()
    for seed in range(5):
        found = embedded(rows, 3, seed)
        # what the columns are in these dimensions, whatever their signs
        columns = np.linalg.lstsq(found, rows.toarray(), rcond=None)[0]
        largest = np.abs(columns).argmax(axis=1)
        assert (columns[np.arange(3), largest] > 0).all()


def test_the_same_rows_have_the_same_embeddings():
    rows = random_rows()
    once, again = (embedded(rows.copy(), 8, seed=1) for _ in range(2))
    np.testing.assert_array_equal(once, again)


def test_rows_that_are_alike_have_one_embedding():
    rows = sparse.csr_array(np.array([[3, 4, 0], [0, 0, 1], [3, 4, 0], [0, 0, 0.0]]))
    found = embedded(unit_rows(rows), 3, seed=1)
    np.testing.assert_allclose(
        found @ found.T,
        np.diag([1, 1, 1, 0])
        + np.array([[0, 0, 1, 0], [0, 0, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0.0]]),
        atol=1e-12,
    )
    assert not found[3].any()


def test_a_row_that_is_hardly_in_these_dimensions_has_none():
    # twenty rows of the first column, one of it a little, and one of another
    dense = np.zeros((22, 2))
    dense[:20, 0] = 1
    dense[20] = [0.2, np.sqrt(1 - 0.04)]
    dense[21] = [0.05, np.sqrt(1 - 0.0025)]
    found = embedded(sparse.csr_array(dense), 1, seed=1)
    assert (found[:21] > 0.99).all()
    assert found[21] == 0


@pytest.mark.parametrize("shape", [(0, 0), (0, 4), (4, 0), (1, 1), (1, 5)])
def test_few_rows_or_columns_are_enough(shape):
    found = embedded(sparse.csr_array(np.eye(*shape)), 4, seed=1)
    assert found.shape == (shape[0], 4)
    assert np.isfinite(found).all()
