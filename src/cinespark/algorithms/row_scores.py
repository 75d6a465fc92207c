"""The best scores of movies, for one user at a time."""

import numpy as np
from numba import float64, int64
from numpy.typing import NDArray

from cinespark.algorithms.compiled import (
    FLOATS,
    INDICES,
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


@compiled(int64, float64, INTS, NEW_INTS, NEW_FLOATS, int64, gives=int64)
def insert(
    column: int, score: float, ids: Ids, best: Ids, best_scores: Floats, found: int
) -> int:
    """Put a column where it belongs among the best so far, and return how many are.

    The last of them goes where there is no place for more.
    """
    place = found
    while place > 0 and (
        score > best_scores[place - 1]
        or (score == best_scores[place - 1] and ids[column] < ids[best[place - 1]])
    ):
        place -= 1
    if place == len(best):
        return found
    found = min(found + 1, len(best))
    for later in range(found - 1, place, -1):
        best[later], best_scores[later] = best[later - 1], best_scores[later - 1]
    best[place], best_scores[place] = column, score
    return found


@compiled(INDICES, NEW_FLAGS, NEW_INTS, NEW_FLOATS, int64, gives=int64)
def fill_up(
    seen: NDArray[np.int32],
    is_taken: NDArray[np.bool_],
    best: Ids,
    best_scores: Floats,
    found: int,
) -> int:
    """Put the first columns that are not there, at -inf, behind those found.

    Parameters
    ----------
    seen
        Columns that must not come.
    is_taken
        False for each column, and so again afterwards.
    best, best_scores
        Of one row, (n,), of which the first `found` are there.

    Returns
    -------
    int
        How many there are then.
    """
    is_taken[seen] = True
    is_taken[best[:found]] = True
    length = found
    for column in range(len(is_taken)):
        if length == len(best):
            break
        if not is_taken[column]:
            best[length], best_scores[length] = column, -np.inf
            length += 1
    is_taken[best[:found]] = False
    is_taken[seen] = False
    return length


@compiled(INTS, INDICES, MATRIX, INTS, NEW_INT_MATRIX, NEW_MATRIX, NEW_INTS)
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
    is_seen = np.zeros(scores.shape[1], np.bool_)
    for row in range(len(scores)):
        seen = columns[starts[row] : starts[row + 1]]
        is_seen[seen] = True
        mine, of_mine = best[row], best_scores[row]
        found = 0
        for column in range(scores.shape[1]):
            score = scores[row, column]
            is_low = found == len(mine) and score < of_mine[found - 1]
            if score > -np.inf and not is_low and not is_seen[column]:
                found = insert(column, score, ids, mine, of_mine, found)
        is_seen[seen] = False
        lengths[row] = fill_up(seen, is_seen, mine, of_mine, found)


@compiled(int64, MATRIX, MATRIX, FLOATS, INTS, NEW_INT_MATRIX, NEW_MATRIX, NEW_INTS)
def most_similar(
    first: int,
    by_ratings: Floats,
    by_content: Floats,
    weights: Floats,
    ids: Ids,
    best: Ids,
    best_scores: Floats,
    lengths: Ids,
) -> None:
    """Find the most similar columns of each row, where row r is column first + r.

    Parameters
    ----------
    by_ratings, by_content
        Shape (rows, columns); the second is weighed.
    weights, ids
        Of the columns.
    best, best_scores, lengths
        For the result, shape (rows, most) and (rows,).
    """
    for row in range(len(by_ratings)):
        found = 0
        mine, of_mine = best[row], best_scores[row]
        weight = weights[first + row]
        for column in range(len(ids)):
            score = min(weight, weights[column]) * by_ratings[row, column]
            score = np.round((score + by_content[row, column]) * 1e6) / 1e6
            is_low = found == len(mine) and score < of_mine[found - 1]
            if score > 0 and not is_low and column != first + row:
                found = insert(column, score, ids, mine, of_mine, found)
        lengths[row] = found
