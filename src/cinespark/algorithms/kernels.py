"""Compiled loops over sparse rows: least squares of one row at a time, and its draws.

Each row is worked out by itself, in one order, so that the result depends neither on
the number of threads nor on how the rows are divided among them. Compiled by Numba at
the first call, and kept on disk for the next process.
"""

from collections.abc import Callable
from concurrent.futures import Executor
from itertools import pairwise

import numpy as np
from numba import njit
from numpy.typing import NDArray

from cinespark.algorithms.ratings import Floats, Ids

ROWS_A_PART = 100_000  # entries, about, that one thread takes at a time
# machine code that lets other threads of Python run
compiled = njit(nogil=True, cache=True)


def in_parts(
    starts: NDArray[np.int64], work: Callable[[int, int], None], pool: Executor
) -> None:
    """Call work(first, end) for parts of the rows with about as many entries each.

    Parameters
    ----------
    starts
        Where each row starts, and where the last one ends: `indptr` of a CSR matrix.
    """
    parts = max(1, int(starts[-1] - starts[0]) // ROWS_A_PART)
    shares = np.linspace(starts[0], starts[-1], parts + 1)[1:-1]
    cuts = np.unique([0, *np.searchsorted(starts, shares), len(starts) - 1])
    for done in [pool.submit(work, *part) for part in pairwise(cuts.tolist())]:
        done.result()


@compiled
def add_entry(a: Floats, b: Floats, y: Floats, weight: float, target: float) -> None:
    """Add weight·y yᵀ to the lower triangle of a, and weight·target·y to b."""
    for j in range(len(y)):
        weighted = weight * y[j]
        b[j] += weighted * target
        for k in range(j + 1):
            a[j, k] += weighted * y[k]


@compiled
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


@compiled
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


@compiled
def fold_in_rows(
    starts: Ids,
    columns: NDArray[np.int32],
    weights: Floats,
    vectors: Floats,
    base: Floats,
    regularization: float,
    folded: Floats,
) -> None:
    """Put x = (base + Σ c y yᵀ + λ n I)⁻¹ Σ c y of each row into `folded`.

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
            if weights[place] != 0.0:
                add_entry(a, b, vectors[columns[place]], weights[place], 1.0)
        for j in range(width):
            a[j, j] += regularization * max(1, starts[row + 1] - starts[row])
        solve_with_noise(a, b, nothing, folded[row])


@compiled
def gram_rows(
    first: int,
    gram: NDArray[np.float32],
    starts: Ids,
    rows: NDArray[np.int32],
    values: Floats,
    row_starts: Ids,
    columns: NDArray[np.int32],
    row_values: Floats,
) -> None:
    """Put some rows of XᵀX, added up in double precision, into `gram`.

    Parameters
    ----------
    first, gram
        The first of the rows, and the place for them, shape (some, columns).
    starts, rows, values
        X by columns, as a CSC matrix.
    row_starts, columns, row_values
        X by rows, as a CSR matrix.
    """
    total = np.empty(gram.shape[1])
    for column in range(len(gram)):
        total[:] = 0.0
        for place in range(starts[first + column], starts[first + column + 1]):
            row, value = rows[place], values[place]
            for other in range(row_starts[row], row_starts[row + 1]):
                total[columns[other]] += value * row_values[other]
        for other_column in range(len(total)):
            gram[column, other_column] = total[other_column]


@compiled
def pairs_in_reach(
    first: int,
    total: Floats,
    starts: Ids,
    places: Ids,
    users: Ids,
    movies: NDArray[np.int32],
    values: Floats,
    weights: Floats,
    backward: float,
) -> None:
    """Add up, for some movies, what is rated shortly after and before each.

    Parameters
    ----------
    first, total
        The first of the movies; row i of `total`, shape (some, movies), is for the
        movie first + i, and starts as zeros.
    starts, places
        Where each movie is rated: places[starts[i] : starts[i + 1]].
    users, movies, values
        Of each place: users one after the other, each in order of time.
    weights
        Of a pair by its distance in places, from 0; those further apart do not count.
    backward
        What a pair counts against the order of time.
    """
    reach = len(weights)
    for row in range(len(total)):
        for found in range(starts[first + row], starts[first + row + 1]):
            place = places[found]
            for distance in range(1, reach):
                other = place + distance
                if other >= len(users) or users[other] != users[place]:
                    break
                pair = values[place] * values[other] * weights[distance]
                total[row, movies[other]] += pair
            for distance in range(1, reach):
                other = place - distance
                if other < 0 or users[other] != users[place]:
                    break
                pair = values[place] * values[other] * weights[distance]
                total[row, movies[other]] += backward * pair


@compiled
def standardise_rows(
    starts: Ids, columns: NDArray[np.int32], scores: Floats, result: Floats
) -> None:
    """Put each row, with mean 0 and deviation 1 over what it has not seen, in `result`.

    Where all of a row is the same it becomes NaN.

    Parameters
    ----------
    starts, columns
        What each row has seen, as a CSR matrix.
    scores, result
        Shape (rows, columns).
    """
    width = scores.shape[1]
    is_seen = np.zeros(width, np.bool_)
    for row in range(len(scores)):
        for place in range(starts[row], starts[row + 1]):
            is_seen[columns[place]] = True
        total, count = 0.0, 0
        for column in range(width):
            if not is_seen[column]:
                total += scores[row, column]
                count += 1
        mean = total / max(count, 1)
        squares = 0.0
        for column in range(width):
            if not is_seen[column]:
                squares += (scores[row, column] - mean) ** 2
        deviation = np.sqrt(squares / max(count, 1))
        for column in range(width):
            if deviation < 1e-12:
                result[row, column] = np.nan
            else:
                result[row, column] = (scores[row, column] - mean) / deviation
        for place in range(starts[row], starts[row + 1]):
            is_seen[columns[place]] = False


@compiled
def best_of_rows(
    starts: Ids,
    columns: NDArray[np.int32],
    scores: Floats,
    ids: Ids,
    best: Ids,
    best_scores: Floats,
    lengths: Ids,
) -> None:
    """Find the columns with the highest scores of each row that it has not seen.

    Parameters
    ----------
    starts, columns
        What each row has seen, as a CSR matrix.
    scores
        Shape (rows, columns); -inf where there is no opinion.
    ids
        Of the columns; of equal scores the lower id comes first.
    best, best_scores
        For the result, shape (rows, n), best first. A row of which too few columns have
        a score is filled up with the first of the others, at -inf.
    lengths
        For how many there are in each row.
    """
    n = best.shape[1]
    is_taken = np.zeros(scores.shape[1], np.bool_)
    for row in range(len(scores)):
        for place in range(starts[row], starts[row + 1]):
            is_taken[columns[place]] = True
        found = 0
        for column in range(scores.shape[1]):
            score = scores[row, column]
            if score == -np.inf or (found == n and score < best_scores[row, n - 1]):
                continue
            if is_taken[column]:
                continue
            # where it belongs among those that are found, the last of which may go
            place = found
            while place > 0 and (
                score > best_scores[row, place - 1]
                or (
                    score == best_scores[row, place - 1]
                    and ids[column] < ids[best[row, place - 1]]
                )
            ):
                place -= 1
            if place == n:
                continue
            found = min(found + 1, n)
            for later in range(found - 1, place, -1):
                best[row, later] = best[row, later - 1]
                best_scores[row, later] = best_scores[row, later - 1]
            best[row, place], best_scores[row, place] = column, score
        for place in range(found):
            is_taken[best[row, place]] = True
        personal = found
        for column in range(scores.shape[1]):
            if found == n:
                break
            if not is_taken[column]:
                best[row, found], best_scores[row, found] = column, -np.inf
                found += 1
        lengths[row] = found
        for place in range(personal):
            is_taken[best[row, place]] = False
        for place in range(starts[row], starts[row + 1]):
            is_taken[columns[place]] = False
