"""Scores with mean 0 and deviation 1 over what a user has not seen, added up.

Each sum goes from left to right. Four of them are worked out next to each other, since
the processor waits for one addition before it can go on with the same sum.
"""

import numpy as np
from numba import boolean, float64, int64
from numpy.typing import NDArray

from cinespark.algorithms.compiled import (
    FLAGS,
    FLOATS,
    INDICES,
    INTS,
    MATRIX,
    NEW_FLOATS,
    NEW_MATRIX,
    compiled,
)
from cinespark.algorithms.ratings import Floats, Ids

LEAST_DEVIATION = 1e-12  # a user's scores that differ by less are the same


@compiled(MATRIX, int64, NEW_FLOATS)
def sums_of_four(scores: Floats, first: int, found: Floats) -> None:
    """Put the sums of four rows, or of those left, in their places of `found`."""
    last = len(scores) - 1
    second, third = min(first + 1, last), min(first + 2, last)
    fourth = min(first + 3, last)
    a, b, c, d = scores[first], scores[second], scores[third], scores[fourth]
    of_a = of_b = of_c = of_d = 0.0
    for column in range(scores.shape[1]):
        of_a += a[column]
        of_b += b[column]
        of_c += c[column]
        of_d += d[column]
    found[fourth], found[third], found[second], found[first] = of_d, of_c, of_b, of_a


@compiled(MATRIX, int64, FLOATS, NEW_FLOATS)
def squares_of_four(scores: Floats, first: int, means: Floats, found: Floats) -> None:
    """Do so with the sums of squared distances from the means of the rows."""
    last = len(scores) - 1
    second, third = min(first + 1, last), min(first + 2, last)
    fourth = min(first + 3, last)
    a, b, c, d = scores[first], scores[second], scores[third], scores[fourth]
    of_a = of_b = of_c = of_d = 0.0
    for column in range(scores.shape[1]):
        of_a += (a[column] - means[first]) ** 2
        of_b += (b[column] - means[second]) ** 2
        of_c += (c[column] - means[third]) ** 2
        of_d += (d[column] - means[fourth]) ** 2
    found[fourth], found[third], found[second], found[first] = of_d, of_c, of_b, of_a


@compiled(INTS, INDICES, NEW_MATRIX, NEW_FLOATS, NEW_FLOATS)
def moments_of_rows(
    starts: Ids,
    columns: NDArray[np.int32],
    scores: Floats,
    means: Floats,
    deviations: Floats,
) -> None:
    """Find the mean and the deviation of each row over what it has not seen.

    Parameters
    ----------
    starts, columns
        What each row has seen, as a CSR matrix.
    scores
        Shape (rows, columns); changed meanwhile, and the same again afterwards.
    means, deviations
        For the result, (rows,).
    """
    kept = np.empty(len(columns))
    for row in range(len(scores)):
        for place in range(starts[row], starts[row + 1]):
            kept[place] = scores[row, columns[place]]
            scores[row, columns[place]] = 0.0  # adds nothing to the sum
    for first in range(0, len(scores), 4):
        sums_of_four(scores, first, means)
    for row in range(len(scores)):
        means[row] /= max(scores.shape[1] - (starts[row + 1] - starts[row]), 1)
        for place in range(starts[row], starts[row + 1]):
            scores[row, columns[place]] = means[row]  # and this to the squares
    for first in range(0, len(scores), 4):
        squares_of_four(scores, first, means, deviations)
    for row in range(len(scores)):
        count = max(scores.shape[1] - (starts[row + 1] - starts[row]), 1)
        deviations[row] = np.sqrt(deviations[row] / count)
        for place in range(starts[row], starts[row + 1]):
            scores[row, columns[place]] = kept[place]


@compiled(float64, MATRIX, FLOATS, FLOATS, boolean, NEW_MATRIX)
def add_standardised(
    weight: float,
    scores: Floats,
    means: Floats,
    deviations: Floats,
    is_optional: bool,
    total: Floats,
) -> None:
    """Add each row with mean 0 and deviation 1, times a weight, to `total`.

    NaN where all of a row is the same, or nothing where the scores are optional.
    """
    for row in range(len(scores)):
        mean, deviation = means[row], deviations[row]
        if deviation < LEAST_DEVIATION:
            if not is_optional:
                total[row] = np.nan
            continue
        for column in range(scores.shape[1]):
            total[row, column] += weight * ((scores[row, column] - mean) / deviation)


@compiled(FLAGS, NEW_MATRIX)
def leave_opinions(is_liked: NDArray[np.bool_], scores: Floats) -> None:
    """Put -inf where a column does not count or a score is not finite."""
    for row in range(len(scores)):
        for column in range(scores.shape[1]):
            if not (is_liked[column] and np.isfinite(scores[row, column])):
                scores[row, column] = -np.inf
