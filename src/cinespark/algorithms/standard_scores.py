"""Scores of each user with mean 0 and deviation 1, so that parts can be added up."""

import numpy as np
from scipy import sparse

from cinespark.algorithms.ratings import Floats
from cinespark.algorithms.row_scores import standardise_rows


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
    return with_moments(scores, seen)[0]


def with_moments(
    scores: Floats, seen: sparse.csr_array
) -> tuple[Floats, Floats, Floats]:
    """Return the same, and the means and deviations (users,) that it took."""
    result, moments = np.empty(scores.shape), np.empty((2, len(scores)))
    standardise_rows(
        seen.indptr.astype(np.int64),
        seen.indices.astype(np.int32, copy=False),
        np.ascontiguousarray(scores, np.float64),
        result,
        *moments,
    )
    return result, *moments
