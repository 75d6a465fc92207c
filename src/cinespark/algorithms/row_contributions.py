"""What each movie of a user's history adds, for one user at a time."""

import numpy as np
from numba import float64
from numpy.typing import NDArray

from cinespark.algorithms.compiled import (
    FLOATS,
    INDICES,
    INT_MATRIX,
    INTS,
    MATRIX,
    NEW_INT_MATRIX,
    NEW_INTS,
    NEW_MATRIX,
    SHORT_MATRIX,
    compiled,
)
from cinespark.algorithms.ratings import Floats, Ids
from cinespark.algorithms.row_scores import insert


@compiled(INTS, INTS, INT_MATRIX, INTS, INDICES, FLOATS, SHORT_MATRIX, NEW_MATRIX)
def products_of_columns(
    starts: Ids,
    movies: Ids,
    listed: Ids,
    liker_starts: Ids,
    likers: NDArray[np.int32],
    likes: Floats,
    solved: NDArray[np.float32],
    result: Floats,
) -> None:
    """Put (XᵀK)ⱼᵢ, of each movie j of a history and each listed i, into `result`.

    Parameters
    ----------
    starts, movies
        The histories: where each user's entries start, and all entries.
    listed
        Shape (users, n).
    liker_starts, likers, likes
        X by columns, as a CSC matrix (people, columns).
    solved
        K, of the same shape.
    result
        Shape (entries, n); 0 where X and K do not have a column.
    """
    people, size = solved.shape
    width = listed.shape[1]
    columns = np.zeros((people, width))
    for user in range(len(listed)):
        for place in range(width):
            movie = listed[user, place]
            for person in range(people):
                known = solved[person, movie] if movie < size else np.float32(0.0)
                columns[person, place] = known
        for entry in range(starts[user], starts[user + 1]):
            for place in range(width):
                result[entry, place] = 0.0
            if movies[entry] >= size:
                continue
            first, end = liker_starts[movies[entry]], liker_starts[movies[entry] + 1]
            for like in range(first, end):
                for place in range(width):
                    result[entry, place] += likes[like] * columns[likers[like], place]


@compiled(
    INTS,
    FLOATS,
    INTS,
    MATRIX,
    float64,
    NEW_INT_MATRIX,
    NEW_MATRIX,
    NEW_INTS,
    NEW_MATRIX,
)
def strongest_of_rows(
    starts: Ids,
    values: Floats,
    ids: Ids,
    added: Floats,
    least: float,
    strongest: Ids,
    amounts: Floats,
    counts: Ids,
    others: Floats,
) -> None:
    """Find the entries that add most to each listed movie, and what the others add.

    Parameters
    ----------
    starts
        Where each user's entries start.
    values, ids
        Of each entry: those of a value of at most 0 are not named, and of those that
        add the same the lower id comes first.
    added
        What each entry adds to each place of its user's list, shape (entries, n).
    least
        Entries that add no more than this are not named.
    strongest, amounts, counts
        For the entries of each user and place, what they add, most first, and how many
        there are; shapes (users · n, most) and (users · n,).
    others
        For the sum of what all other entries add, shape (users, n).
    """
    width = added.shape[1]
    for user in range(len(starts) - 1):
        for place in range(width):
            row = user * width + place
            mine, found = strongest[row], 0
            for entry in range(starts[user], starts[user + 1]):
                if values[entry] > 0.0 and added[entry, place] > least:
                    amount = added[entry, place]
                    found = insert(entry, amount, ids, mine, amounts[row], found)
            rest = 0.0
            for entry in range(starts[user], starts[user + 1]):
                is_named = False
                for one in range(found):
                    is_named = is_named or mine[one] == entry
                if not is_named:
                    rest += added[entry, place]
            counts[row] = found
            others[user, place] = rest
