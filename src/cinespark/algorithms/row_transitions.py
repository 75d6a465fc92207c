"""Sums over pairs of a user's ratings, for one movie at a time."""

import numpy as np
from numba import int64
from numpy.typing import NDArray

from cinespark.algorithms.compiled import (
    FLOATS,
    INDICES,
    INTS,
    MATRIX,
    NEW_MATRIX,
    compiled,
)
from cinespark.algorithms.ratings import Floats, Ids


@compiled(
    int64,
    NEW_MATRIX,
    NEW_MATRIX,
    INTS,
    INTS,
    INTS,
    INDICES,
    INTS,
    FLOATS,
    MATRIX,
    FLOATS,
)
def sums_of_pairs(
    first: int,
    gram: Floats,
    cross: Floats,
    starts: Ids,
    places: Ids,
    users: Ids,
    movies: NDArray[np.int32],
    steps: Ids,
    values: Floats,
    of_past: Floats,
    of_future: Floats,
) -> None:
    """Add up some rows of XᵀX and XᵀY, of decayed pasts X and decayed futures Y.

    Parameters
    ----------
    first, gram, cross
        The first of the movies; row i of both, shape (some, movies), is for the movie
        first + i, and starts as zeros.
    starts, places
        Where each movie is rated: places[starts[i] : starts[i + 1]].
    users, movies, steps, values
        Of each place: users one after the other, each in order of time; `steps` are
        from the user's latest time, which is 0.
    of_past
        What a pair counts in XᵀX: by how many steps the one is before the other, and
        at how many times both are past, shape (reach, reach + 1).
    of_future
        What it counts in XᵀY, by how many steps the one is before the other.
    """
    reach, far = len(of_past), len(of_future)
    for row in range(len(gram)):
        for found in range(starts[first + row], starts[first + row + 1]):
            place = places[found]
            user, step, value = users[place], steps[place], values[place]
            for other in range(place, len(users)):  # of the same time, and later
                apart = step - steps[other]
                if users[other] != user or apart >= max(reach, far):
                    break
                pair = value * values[other]
                if apart < reach:
                    times = min(steps[other], reach)
                    gram[row, movies[other]] += pair * of_past[apart, times]
                if apart < far:
                    cross[row, movies[other]] += pair * of_future[apart]
            for other in range(place - 1, -1, -1):  # of the same time, and earlier
                apart = steps[other] - step
                if users[other] != user or apart >= reach:
                    break
                pair = value * values[other]
                gram[row, movies[other]] += pair * of_past[apart, min(step, reach)]
