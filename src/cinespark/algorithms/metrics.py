"""The ranking metric that validation goes by; the evaluation's own are in SQL."""

import numpy as np
from numpy.typing import NDArray

from cinespark.algorithms.ratings import Floats


def ndcg(
    scores: Floats,
    seen: NDArray[np.bool_],
    relevant: NDArray[np.bool_],
    k: int,
) -> Floats:
    """Return NDCG@k of each user's best unseen movies, shape (users,).

    Σ over ranks r ≤ k of [relevant] / log₂(r + 1), over the sum that a perfect list
    would have: Järvelin and Kekäläinen 2002, "Cumulated gain-based evaluation of IR
    techniques". Ties go to the earlier movie.

    Parameters
    ----------
    scores, seen, relevant
        Shape (users, movies); each user has a relevant movie.
    """
    left = np.where(seen, -np.inf, scores)
    k = min(k, left.shape[1])
    best = np.argpartition(-left, k - 1, axis=1)[:, :k]
    best.sort(axis=1)
    order = np.argsort(-np.take_along_axis(left, best, axis=1), axis=1, kind="stable")
    best = np.take_along_axis(best, order, axis=1)
    hits = np.take_along_axis(relevant, best, axis=1)
    hits &= np.take_along_axis(left, best, axis=1) > -np.inf
    discount = 1 / np.log2(np.arange(2, k + 2))
    ideal = np.cumsum(discount)[np.minimum(relevant.sum(axis=1), k) - 1]
    return np.asarray((hits * discount).sum(axis=1) / ideal)
