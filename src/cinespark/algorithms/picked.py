"""The best movies of each user where a rule may hold one back, move it or pin it."""

import numpy as np
from numba import float64, int32, int64, types
from numpy.typing import NDArray

from cinespark.algorithms.compiled import (
    FLAGS,
    FLOATS,
    INDICES,
    INT_MATRIX,
    INTS,
    MATRIX,
    NEW_FLAGS,
    NEW_FLOATS,
    NEW_INT_MATRIX,
    NEW_INTS,
    NEW_MATRIX,
    compiled,
)
from cinespark.algorithms.ratings import Floats, Ids

BY_SCORE, BY_POPULARITY, PINNED, EXPLORED = 0, 1, 2, 3
# by these kinds
SOURCES = np.array(["personal", "popularity", "pin", "exploration"])
OPEN = types.Array(int32, 2, "C", readonly=True)
Flags = NDArray[np.bool_]


@compiled(int64, INTS, INTS, INTS, NEW_INTS, gives=types.boolean)
def has_room(column: int, starts: Ids, quotas: Ids, limits: Ids, counts: Ids) -> bool:
    """Return whether no quota of a column is used up."""
    for place in range(starts[column], starts[column + 1]):
        if counts[quotas[place]] >= limits[quotas[place]]:
            return False
    return True


@compiled(int64, INTS, INTS, NEW_INTS, NEW_FLAGS)
def take(column: int, starts: Ids, quotas: Ids, counts: Ids, is_taken: Flags) -> None:
    """Note that a column is in the list."""
    is_taken[column] = True
    for place in range(starts[column], starts[column + 1]):
        counts[quotas[place]] += 1


@compiled(int64, NEW_INTS, MATRIX, NEW_FLOATS, NEW_INTS, gives=float64)
def nearness(
    column: int, chosen: Ids, vectors: Floats, nearest: Floats, compared: Ids
) -> float:
    """Return the highest cosine of a column with those chosen, at least 0.

    Parameters
    ----------
    nearest, compared
        By column, what it was and with how many of those chosen.
    """
    for place in range(compared[column], len(chosen)):
        total = 0.0
        for axis in range(vectors.shape[1]):
            total += vectors[column, axis] * vectors[chosen[place], axis]
        nearest[column] = max(nearest[column], total)
    compared[column] = len(chosen)
    return float(nearest[column])


@compiled(
    FLOATS, INTS, INTS, INTS, INTS, NEW_INTS, NEW_FLAGS,
    NEW_INTS, MATRIX, float64, NEW_FLOATS, NEW_INTS, NEW_FLOATS, gives=int64,
)  # fmt: skip
def next_by_score(
    scores: Floats,
    ids: Ids,
    starts: Ids,
    quotas: Ids,
    limits: Ids,
    counts: Ids,
    is_taken: Flags,
    chosen: Ids,
    vectors: Floats,
    weight: float,
    nearest: Floats,
    compared: Ids,
    value: Floats,
) -> int:
    """Return the column that comes next by its score, -1 if none has one.

    Parameters
    ----------
    value
        For its score, less what its cosine costs; of length 1.
    """
    column, value[0] = -1, -np.inf
    for other in range(len(scores)):
        score = scores[other]
        if is_taken[other] or score == -np.inf or score < value[0]:
            continue
        if not has_room(other, starts, quotas, limits, counts):
            continue
        if weight > 0:
            score -= weight * nearness(other, chosen, vectors, nearest, compared)
        is_first = score == value[0] and ids[other] < ids[column]
        if score > value[0] or is_first:
            column, value[0] = other, score
    return column


@compiled(INTS, INTS, INTS, NEW_INTS, NEW_FLAGS, int64, gives=int64)
def next_in_order(
    starts: Ids, quotas: Ids, limits: Ids, counts: Ids, is_taken: Flags, first: int
) -> int:
    """Return the first column from `first` on that may come, -1 if none may."""
    for column in range(first, len(is_taken)):
        is_free = not is_taken[column]
        if is_free and has_room(column, starts, quotas, limits, counts):
            return column
    return -1


@compiled(
    INTS, INTS, INDICES, INTS, INTS, INTS, NEW_INTS, NEW_FLAGS, NEW_INTS, NEW_INTS,
    gives=int64,
)  # fmt: skip
def reserve(
    pins: Ids,
    fresh: Ids,
    is_open: NDArray[np.int32],
    starts: Ids,
    quotas: Ids,
    limits: Ids,
    counts: Ids,
    is_taken: Flags,
    places: Ids,
    kinds: Ids,
) -> int:
    """Give places to pins, then to columns to explore; return how many places.

    Parameters
    ----------
    pins, fresh, is_open
        Of a row, as `pick_rows` takes them.
    places, kinds
        For the column of each place, -1 for none, and why it is there.
    """
    found, asked = 0, 0
    for place in range(len(places)):
        column = pins[place]
        if column < 0 or is_taken[column]:
            continue
        if has_room(column, starts, quotas, limits, counts):
            take(column, starts, quotas, counts, is_taken)
            places[place], kinds[place] = column, PINNED
            found += 1
    for place in range(len(places)):
        while is_open[place] and places[place] < 0 and asked < len(fresh):
            column = fresh[asked]
            asked += 1
            if is_taken[column]:
                continue
            if has_room(column, starts, quotas, limits, counts):
                take(column, starts, quotas, counts, is_taken)
                places[place], kinds[place] = column, EXPLORED
                found += 1
    return found


@compiled(
    FLOATS, INTS, INTS, INTS, INTS, NEW_INTS, NEW_FLAGS, NEW_INTS, int64, MATRIX,
    float64, NEW_FLOATS, NEW_INTS, NEW_INTS, NEW_INTS, NEW_FLOATS,
)  # fmt: skip
def fill_up(
    scores: Floats,
    ids: Ids,
    starts: Ids,
    quotas: Ids,
    limits: Ids,
    counts: Ids,
    is_taken: Flags,
    chosen: Ids,
    found: int,
    vectors: Floats,
    weight: float,
    nearest: Floats,
    compared: Ids,
    places: Ids,
    kinds: Ids,
    values: Floats,
) -> None:
    """Give each place of a row that nothing has to the best column that is left.

    Parameters
    ----------
    chosen, found
        The columns that have a place, and how many.
    places, kinds, values
        For the column of each place, -1 for none, why it is there, and its score.
    """
    value, first = np.zeros(1), -1
    for place in range(len(places)):
        if places[place] >= 0:
            values[place] = scores[places[place]]
            continue
        column = -1
        if first < 0:
            column = next_by_score(
                scores, ids, starts, quotas, limits, counts, is_taken,
                chosen[:found], vectors, weight, nearest, compared, value,
            )  # fmt: skip
            kinds[place], values[place] = BY_SCORE, value[0]
        if column < 0:
            first = max(first, 0)
            column = next_in_order(starts, quotas, limits, counts, is_taken, first)
            kinds[place], values[place] = BY_POPULARITY, -np.inf
            first = len(scores) if column < 0 else column
        if column >= 0:
            take(column, starts, quotas, counts, is_taken)
            places[place], chosen[found] = column, column
            found += 1


@compiled(INTS, NEW_INTS, NEW_FLOATS, NEW_INTS, gives=int64)
def close_up(places: Ids, best: Ids, values: Floats, kinds: Ids) -> int:
    """Move the columns of a list to its front, and return how many there are."""
    length = 0
    for place in range(len(places)):
        if places[place] >= 0:
            best[length], values[length] = places[place], values[place]
            kinds[length] = kinds[place]
            length += 1
    return length


@compiled(
    INTS, INDICES, MATRIX, INTS, FLAGS, INTS, INTS, INTS, INTS, INT_MATRIX, OPEN,
    MATRIX, FLOATS, NEW_INT_MATRIX, NEW_MATRIX, NEW_INT_MATRIX, NEW_INTS,
)  # fmt: skip
def pick_rows(
    seen_starts: Ids,
    seen: NDArray[np.int32],
    scores: Floats,
    ids: Ids,
    is_blocked: Flags,
    starts: Ids,
    quotas: Ids,
    limits: Ids,
    pins: Ids,
    fresh: Ids,
    is_open: NDArray[np.int32],
    vectors: Floats,
    weights: Floats,
    best: Ids,
    values: Floats,
    kinds: Ids,
    lengths: Ids,
) -> None:
    """Fill the list of each row: pins, places to explore, then the best of the rest.

    Nothing comes that is seen or blocked, or whose quota is used up. A score is less a
    weight times the highest cosine with what the list has: maximal marginal relevance
    (Carbonell and Goldstein 1998), cosines only where they matter (Minoux 1978).
    Columns without a score come last, in their order.

    Parameters
    ----------
    seen_starts, seen
        What each row has seen, as a CSR matrix.
    scores, ids
        Shape (rows, columns), -inf for no opinion; ties go by id.
    starts, quotas, limits
        The quotas of each column, as a CSR matrix, and how many each quota allows.
    pins, fresh, is_open
        The column for each place, -1 for none; columns to explore for each row; 1 for
        each place (rows, n) that is for them.
    vectors, weights
        Of the columns, and what a cosine of 1 costs in each row.
    best, values, kinds, lengths
        For the result, (rows, n) and (rows,); values are scores, -inf for none.
    """
    n, is_taken = best.shape[1], np.zeros(len(ids), np.bool_)
    counts = np.zeros(len(limits), np.int64)
    nearest, compared = np.zeros(len(ids)), np.zeros(len(ids), np.int64)
    for row in range(len(scores)):
        is_taken[:] = is_blocked
        is_taken[seen[seen_starts[row] : seen_starts[row + 1]]] = True
        counts[:], nearest[:], compared[:] = 0, 0.0, 0
        chosen, places = np.zeros(n, np.int64), np.full(n, -1)
        found = reserve(
            pins, fresh[row], is_open[row], starts, quotas, limits, counts, is_taken,
            places, kinds[row],
        )  # fmt: skip
        chosen[:found] = places[places >= 0]
        fill_up(
            scores[row], ids, starts, quotas, limits, counts, is_taken, chosen, found,
            vectors, weights[row], nearest, compared, places, kinds[row], values[row],
        )  # fmt: skip
        lengths[row] = close_up(places, best[row], values[row], kinds[row])
