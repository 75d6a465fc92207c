"""The best movies that a user has not rated, for a block of users."""

import numpy as np
from scipy import sparse

from cinespark.algorithms.ratings import Floats, Ids
from cinespark.algorithms.row_scores import best_of_rows


def best_unrated(
    scores: Floats, rated: sparse.csr_array, catalogue: Ids, n: int
) -> tuple[Ids, Floats, Ids]:
    """Return each user's best positions in the catalogue, with their scores.

    Parameters
    ----------
    scores
        Shape (users, movies), -inf where the model has no opinion.
    rated
        With an entry for each movie that must not come back, of the same shape.
    catalogue
        Movie ids, most popular first: it breaks ties by id and fills lists up in order.
    n
        Length of a list.

    Returns
    -------
    tuple
        Positions and scores, (users, n), best first, ties by movie id, where -inf marks
        one that is there for its popularity alone; and the lengths of lists, (users,).
    """
    shape = len(scores), min(n, len(catalogue))
    best, best_scores = np.zeros(shape, np.int64), np.zeros(shape)
    lengths = np.zeros(len(scores), np.int64)
    if not best.size:
        return best, best_scores, lengths
    best_of_rows(
        rated.indptr.astype(np.int64),
        rated.indices.astype(np.int32, copy=False),
        np.ascontiguousarray(scores, np.float64),
        catalogue.astype(np.int64, copy=False),
        best,
        best_scores,
        lengths,
    )
    return best, best_scores, lengths
