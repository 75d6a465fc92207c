"""Compiled loops, against the same sums by matrices of NumPy."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from scipy import sparse

from cinespark.algorithms import compiled
from cinespark.algorithms.compiled import in_parts
from cinespark.algorithms.ease import gram_of
from cinespark.algorithms.row_equations import draw_rows


def made_up_rows(rows=7, columns=9, share=0.6):
    """Return a sparse matrix of which one row is empty, and one full."""
    rng = np.random.default_rng(0)
    dense = np.where(rng.random((rows, columns)) < share, rng.normal(size=columns), 0)
    dense[2], dense[4] = 0, 1.5
    return sparse.csr_array(dense)


def test_a_draw_is_the_solution_with_the_noise_of_its_precision():
    """Each row by itself: A⁻¹(b + L z), and its errors at what is drawn."""
    rng = np.random.default_rng(1)
    stars = made_up_rows()
    others = rng.normal(size=(stars.shape[1], 4))  # three factors and a bias
    by_column, by_row = rng.gamma(2, size=9), rng.gamma(2, size=7)
    means, noise = rng.normal(size=(7, 4)), rng.normal(size=(7, 4))
    root = rng.normal(size=(4, 4))
    precision = root @ root.T + np.eye(4)
    drawn, squares = np.zeros((7, 4)), np.zeros(7)
    draw_rows(
        stars.indptr.astype(np.int64),
        stars.indices,
        stars.data,
        others,
        by_column,
        by_row,
        means,
        precision,
        noise,
        drawn,
        squares,
    )
    for row in range(7):
        rated = stars[[row]].indices
        basis = np.column_stack([others[rated, :3], np.ones(len(rated))])
        target = stars[[row]].data - others[rated, 3]
        weights = np.diag(by_row[row] * by_column[rated])
        a = precision + basis.T @ weights @ basis
        b = precision @ means[row] + basis.T @ weights @ target
        expected = np.linalg.solve(a, b + np.linalg.cholesky(a) @ noise[row])
        np.testing.assert_allclose(drawn[row], expected, rtol=1e-10)
        errors = target - basis @ expected
        assert squares[row] == pytest.approx(errors @ errors, rel=1e-10)


@pytest.mark.parametrize("entries_a_part", [1, 4, 10**6])
def test_each_row_is_in_one_part_whatever_their_number(monkeypatch, entries_a_part):
    monkeypatch.setattr(compiled, "ENTRIES_A_PART", entries_a_part)
    starts = np.array([0, 0, 5, 5, 5, 6, 20, 20])
    calls = np.zeros(7, int)

    def count(first, end):
        calls[first:end] += 1

    with ThreadPoolExecutor(2) as pool:
        in_parts(starts, count, pool)
    assert calls.tolist() == [1] * 7


def test_an_error_in_a_part_is_raised():
    def fail(first, end):
        raise ValueError(f"rows {first} to {end}")

    with ThreadPoolExecutor(1) as pool, pytest.raises(ValueError, match="rows 0 to 2"):
        in_parts(np.array([0, 1, 2]), fail, pool)


def test_a_gram_matrix_is_the_product_of_the_matrix_with_itself():
    likes = made_up_rows()
    expected = likes.toarray().T @ likes.toarray()
    np.testing.assert_allclose(gram_of(likes, threads=2), expected, rtol=1e-6)
