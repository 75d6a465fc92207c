"""Scores of each user with mean 0 and deviation 1, so that parts can be added up."""

import numpy as np
from scipy import sparse

from cinespark.algorithms.ratings import Floats
from cinespark.algorithms.row_moments import (
    LEAST_DEVIATION,
    add_standardised,
    moments_of_rows,
)


def standardised(scores: Floats, seen: sparse.csr_array) -> Floats:
    """Return each user's scores with mean 0 and deviation 1 over what is not seen.

    Where all scores of a user are the same they become NaN: no opinion.

    Parameters
    ----------
    scores
        Shape (users, movies).
    seen
        With an entry for each movie that a user has seen, of the same shape.
    """
    result = np.zeros(scores.shape)
    add_standard_scores(1.0, scores, seen, result)
    return result


def add_standard_scores(
    weight: float,
    scores: Floats,
    seen: sparse.csr_array,
    total: Floats,
    is_optional: bool = False,
) -> tuple[Floats, Floats]:
    """Add the same times a weight to `total`, and return how it is made of them.

    Parameters
    ----------
    is_optional
        Whether users whose scores are all the same get nothing added, not NaN.

    Returns
    -------
    tuple
        The means of the scores, and the weight over their deviations, both (users,).
    """
    means, deviations = np.empty((2, len(scores)))
    scores = np.require(scores, np.float64, ["C", "W"])
    moments_of_rows(
        seen.indptr.astype(np.int64),
        seen.indices.astype(np.int32, copy=False),
        scores,
        means,
        deviations,
    )
    add_standardised(weight, scores, means, deviations, is_optional, total)
    none = 0.0 if is_optional else np.nan
    is_same = deviations < LEAST_DEVIATION
    return means, np.where(is_same, none, weight / np.where(is_same, 1, deviations))
