"""Least squares of one row of ratings at a time, and draws around them."""

import numpy as np
from numba import float64
from numpy.typing import NDArray

from cinespark.algorithms.compiled import (
    FLOATS,
    INDICES,
    INTS,
    MATRIX,
    NEW_FLOATS,
    NEW_MATRIX,
    compiled,
)
from cinespark.algorithms.ratings import Floats, Ids


@compiled(NEW_MATRIX, NEW_FLOATS, FLOATS, float64, float64)
def add_entry(a: Floats, b: Floats, y: Floats, weight: float, target: float) -> None:
    """Add weight·y yᵀ to the lower triangle of a, and weight·target·y to b."""
    for j in range(len(y)):
        weighted = weight * y[j]
        b[j] += weighted * target
        for k in range(j + 1):
            a[j, k] += weighted * y[k]


@compiled(NEW_MATRIX, FLOATS, FLOATS, NEW_FLOATS)
def solve_with_noise(a: Floats, b: Floats, noise: Floats, x: Floats) -> None:
    """Put A⁻¹b + L⁻ᵀz into x, where A = L Lᵀ; a, its lower triangle, becomes L.

    With z of independent standard normals the covariance of x is L⁻ᵀ L⁻¹ = A⁻¹. A that
    is singular in floating point gives NaN.
    """
    size = len(b)
    for j in range(size):
        for k in range(j + 1):
            total = a[j, k]
            for m in range(k):
                total -= a[j, m] * a[k, m]
            a[j, k] = np.sqrt(total) if j == k else total / a[k, k]
    for j in range(size):
        total = b[j]
        for m in range(j):
            total -= a[j, m] * x[m]
        x[j] = total / a[j, j]
    for j in range(size - 1, -1, -1):
        total = x[j] + noise[j]
        for m in range(j + 1, size):
            total -= a[m, j] * x[m]
        x[j] = total / a[j, j]


@compiled(
    INTS,
    INDICES,
    FLOATS,
    MATRIX,
    FLOATS,
    FLOATS,
    MATRIX,
    MATRIX,
    MATRIX,
    NEW_MATRIX,
    NEW_FLOATS,
)
def draw_rows(
    starts: Ids,
    columns: NDArray[np.int32],
    residuals: Floats,
    others: Floats,
    column_precisions: Floats,
    row_precisions: Floats,
    means: Floats,
    precision: Floats,
    noise: Floats,
    drawn: Floats,
    squares: Floats,
) -> None:
    """Draw the vector and bias of each row given those of the columns.

    With y = residual − b_i, B the rows (q_i, 1) of the entries of row u and D their
    precisions α_u·α_i: A = Λ + BᵀDB, and (p_u, b_u) ~ N(A⁻¹(Λ m_u + BᵀDy), A⁻¹).

    Parameters
    ----------
    starts, columns, residuals
        The rows as a CSR matrix; `starts` are places in all of `columns`.
    others
        Of the columns, shape (columns, width): vectors, and the bias last.
    column_precisions, row_precisions
        α_i and α_u.
    means, precision
        m, shape (rows, width), and Λ.
    noise
        Standard normals, shape (rows, width); zeros give the expectation.
    drawn
        For the result, shape (rows, width).
    squares
        For the sum of squared errors of each row, Σ (y − (q_i, 1)·(p_u, b_u))².
    """
    width = others.shape[1]
    a, b = np.empty((width, width)), np.empty(width)
    with_one = others.copy()
    with_one[:, -1] = 1.0
    for row in range(len(means)):
        a[:] = precision
        for j in range(width):
            b[j] = 0.0
            for k in range(width):
                b[j] += precision[j, k] * means[row, k]
        for place in range(starts[row], starts[row + 1]):
            column = columns[place]
            weight = row_precisions[row] * column_precisions[column]
            target = residuals[place] - others[column, -1]
            add_entry(a, b, with_one[column], weight, target)
        solve_with_noise(a, b, noise[row], drawn[row])
        squares[row] = 0.0
        for place in range(starts[row], starts[row + 1]):
            column = columns[place]
            error = residuals[place] - others[column, -1] - drawn[row, -1]
            for j in range(width - 1):
                error -= others[column, j] * drawn[row, j]
            squares[row] += error * error


@compiled(INTS, INDICES, FLOATS, MATRIX, MATRIX, float64, NEW_MATRIX)
def fold_in_rows(
    starts: Ids,
    columns: NDArray[np.int32],
    weights: Floats,
    vectors: Floats,
    base: Floats,
    regularization: float,
    folded: Floats,
) -> None:
    """Put x = (base + Σ |c| y yᵀ + λ n I)⁻¹ Σ max(c, 0) y of each row into `folded`.

    Parameters
    ----------
    starts, columns, weights
        The rows as a CSR matrix of c; n counts the entries of a row.
    vectors
        y, shape (columns, width).
    folded
        Shape (rows, width).
    """
    width = vectors.shape[1]
    a, b, nothing = np.empty((width, width)), np.empty(width), np.zeros(width)
    for row in range(len(folded)):
        a[:] = base
        b[:] = 0.0
        for place in range(starts[row], starts[row + 1]):
            weight = weights[place]
            if weight != 0.0:
                target = 1.0 if weight > 0.0 else 0.0
                add_entry(a, b, vectors[columns[place]], abs(weight), target)
        for j in range(width):
            a[j, j] += regularization * max(1, starts[row + 1] - starts[row])
        solve_with_noise(a, b, nothing, folded[row])
