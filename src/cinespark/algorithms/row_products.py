"""The best products of two vectors, for one user at a time, from rounded products."""

from collections.abc import Callable
from typing import Any, cast

import numpy as np
from numba import float32, float64, int64
from numba.extending import intrinsic
from numpy.typing import NDArray

from cinespark.algorithms.compiled import (
    FLAGS,
    FLOATS,
    INDEX_MATRIX,
    INDICES,
    INTS,
    MATRIX,
    NEW_INDEX_MATRIX,
    NEW_INT_MATRIX,
    NEW_INTS,
    NEW_MATRIX,
    NEW_SHORT_MATRIX,
    NEW_SHORTS,
    SHORT_MATRIX,
    SHORTS,
    compiled,
)
from cinespark.algorithms.ratings import Floats, Ids
from cinespark.algorithms.row_scores import fill_up, insert

Flags = NDArray[np.bool_]
Short = NDArray[np.float32]


def fused(typing: Any, factor: Any, other: Any, added: Any) -> Any:
    """Give Numba the code of factor · other + added, rounded once."""

    def code(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        return builder.fma(*values)

    return added(factor, other, added), code


# BLAS adds products up so, and these come out the same to the last bit
multiply_and_add = cast(Callable[[float, float, float], float], intrinsic(fused))


@compiled(FLOATS, FLOATS, gives=float64)
def product(one: Floats, other: Floats) -> float:
    """Return the product of two vectors, added up from the first place to the last."""
    total = 0.0
    for place in range(len(one)):
        total = multiply_and_add(one[place], other[place], total)
    return total


@compiled(NEW_INDEX_MATRIX, NEW_SHORT_MATRIX, int64, int64, float32, gives=int64)
def drop_below(
    kept: NDArray[np.int32], kept_scores: Short, row: int, count: int, least: float
) -> int:
    """Keep a row's candidates with at least a score, and return how many they are."""
    left = 0
    for place in range(count):
        if kept_scores[row, place] >= least:
            kept[row, left] = kept[row, place]
            kept_scores[row, left] = kept_scores[row, place]
            left += 1
    return left


@compiled(INDICES, int64, NEW_SHORTS, gives=int64)
def leave_out(seen: NDArray[np.int32], first: int, scores: Short) -> int:
    """Put -inf in place of what is seen of some columns, and return how many it is.

    Parameters
    ----------
    seen
        Columns from the first of these on, in their order.
    """
    for place in range(len(seen)):
        column = seen[place] - first
        if column >= len(scores):
            return place
        scores[column] = -np.inf
    return len(seen)


@compiled(float32, NEW_SHORTS)
def put_in(score: float, highest: Short) -> None:
    """Put a score among the highest, in order, if it is one of them."""
    place = len(highest)
    while place > 0 and score > highest[place - 1]:
        place -= 1
    for later in range(len(highest) - 1, place, -1):
        highest[later] = highest[later - 1]
    if place < len(highest):
        highest[place] = score


@compiled(
    int64,
    INTS,
    INDICES,
    FLAGS,
    SHORTS,
    NEW_INTS,
    NEW_SHORT_MATRIX,
    NEW_SHORT_MATRIX,
    NEW_INDEX_MATRIX,
    NEW_SHORT_MATRIX,
    NEW_INTS,
)
def keep_candidates(
    first: int,
    starts: Ids,
    columns: NDArray[np.int32],
    is_liked: Flags,
    margins: Short,
    places: Ids,
    tile: Short,
    highest: Short,
    kept: NDArray[np.int32],
    kept_scores: Short,
    counts: Ids,
) -> None:
    """Keep of a tile what is at most a margin below a row's n-th highest score so far.

    Parameters
    ----------
    first, tile
        Rounded scores of the columns from the first on, (rows, width); overwritten.
        Tiles come from left to right.
    starts, columns
        What each row has seen, as a CSR matrix with sorted indices.
    is_liked, margins
        Which columns count; the margin of each row.
    places
        Of each row where in `columns` its entries from `first` on start; moved on.
    highest
        The n highest of each row so far, highest first, -inf to start with.
    kept, kept_scores, counts
        The columns kept of each row, their scores and how many they are; the number
        is one more than there is place for once that was not enough.
    """
    most, last = kept.shape[1], highest.shape[1] - 1
    for row in range(len(tile)):
        scores, high, count = tile[row], highest[row], counts[row]
        seen = columns[places[row] : starts[row + 1]]
        places[row] += leave_out(seen, first, scores)
        if count > most:
            continue
        least = high[last] - margins[row]
        hits = 0
        for column in range(len(scores)):
            hits += scores[column] >= least
        if not hits:
            continue
        for column in range(len(scores)):
            score = scores[column]
            if score < least or score == -np.inf or not is_liked[first + column]:
                continue
            put_in(score, high)
            least = high[last] - margins[row]
            if count == most:
                count = drop_below(kept, kept_scores, row, count, least)
            if count == most:
                count = most + 1
                break
            kept[row, count], kept_scores[row, count] = first + column, score
            count += 1
        counts[row] = count


@compiled(
    INTS,
    INDICES,
    MATRIX,
    MATRIX,
    INTS,
    INDEX_MATRIX,
    SHORT_MATRIX,
    INTS,
    SHORTS,
    NEW_INT_MATRIX,
    NEW_MATRIX,
    NEW_INTS,
)
def best_of_candidates(
    starts: Ids,
    columns: NDArray[np.int32],
    users: Floats,
    vectors: Floats,
    ids: Ids,
    kept: NDArray[np.int32],
    kept_scores: Short,
    counts: Ids,
    least: Short,
    best: Ids,
    best_scores: Floats,
    lengths: Ids,
) -> None:
    """Find the candidates with the highest products of each row.

    Parameters
    ----------
    starts, columns
        What each row has seen, as a CSR matrix.
    users, vectors
        A vector of each row and of each column.
    ids
        Of the columns; of equal products the lower id comes first.
    kept, kept_scores, counts
        Candidates as `keep_candidates` leaves them; rows with too many are left out.
    least
        What their scores must be at least, of each row.
    best, best_scores, lengths
        For the result, as `best_of_rows` has them.
    """
    is_taken = np.zeros(len(ids), np.bool_)
    for row in range(len(users)):
        if counts[row] > kept.shape[1]:
            continue
        found = 0
        for place in range(counts[row]):
            if kept_scores[row, place] < least[row]:
                continue
            column = kept[row, place]
            score = product(users[row], vectors[column])
            if np.isfinite(score):
                found = insert(column, score, ids, best[row], best_scores[row], found)
        seen = columns[starts[row] : starts[row + 1]]
        lengths[row] = fill_up(seen, is_taken, best[row], best_scores[row], found)
