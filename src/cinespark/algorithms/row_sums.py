"""Sums over pairs of ratings, for one row of the result at a time."""

import numpy as np
from numba import float64, int64
from numpy.typing import NDArray

from cinespark.algorithms.compiled import (
    FLOATS,
    INDICES,
    INT_MATRIX,
    INTS,
    NEW_MATRIX,
    NEW_SHORT_MATRIX,
    SHORTS,
    compiled,
)
from cinespark.algorithms.ratings import Floats, Ids


@compiled(int64, NEW_SHORT_MATRIX, INTS, INDICES, FLOATS, INTS, INDICES, FLOATS)
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


@compiled(int64, NEW_MATRIX, INTS, INTS, INTS, INDICES, FLOATS, FLOATS, float64)
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


@compiled(NEW_MATRIX, INTS, INDICES, FLOATS, INTS, INDICES, SHORTS)
def add_rows(
    total: Floats,
    starts: Ids,
    columns: NDArray[np.int32],
    values: Floats,
    other_starts: Ids,
    other_columns: NDArray[np.int32],
    other_values: NDArray[np.float32],
) -> None:
    """Add the product of two sparse matrices to the first columns of `total`.

    Parameters
    ----------
    total
        With the rows of the one and at least the columns of the other.
    starts, columns, values
        One as a CSR matrix.
    other_starts, other_columns, other_values
        The other one.
    """
    for row in range(len(total)):
        mine = total[row]
        for place in range(starts[row], starts[row + 1]):
            value, other = values[place], columns[place]
            for found in range(other_starts[other], other_starts[other + 1]):
                mine[other_columns[found]] += value * other_values[found]


@compiled(INTS, INDICES, SHORTS, INTS, FLOATS, INT_MATRIX, NEW_MATRIX)
def add_entries(
    starts: Ids,
    columns: NDArray[np.int32],
    values: NDArray[np.float32],
    rows: Ids,
    weights: Floats,
    wanted: Ids,
    total: Floats,
) -> None:
    """Add entries of a sparse matrix, times a weight, to `total`.

    Parameters
    ----------
    starts, columns, values
        The matrix, as a CSR matrix with sorted indices.
    rows, weights
        Of the matrix; rows that it does not have add nothing.
    wanted, total
        Columns of each of these rows, and where to add them, (rows, wanted).
    """
    for one in range(len(rows)):
        row = rows[one]
        if row >= len(starts) - 1:
            continue
        mine = columns[starts[row] : starts[row + 1]]
        for place in range(wanted.shape[1]):
            found = np.searchsorted(mine, wanted[one, place])
            if found < len(mine) and mine[found] == wanted[one, place]:
                total[one, place] += weights[one] * values[starts[row] + found]
