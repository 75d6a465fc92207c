"""How good lists get when the scores of one more part are added, for each user."""

import numpy as np
from numba import boolean, types
from numpy.typing import NDArray

from cinespark.algorithms.compiled import FLOATS, MATRIX, NEW_MATRIX, compiled
from cinespark.algorithms.ratings import Floats

FLAG_MATRIX = types.Array(boolean, 2, "C", readonly=True)


@compiled(MATRIX, MATRIX, FLOATS, FLAG_MATRIX, FLOATS, NEW_MATRIX)
def ndcg_of_sums(
    scores: Floats,
    added: Floats,
    weights: Floats,
    relevant: NDArray[np.bool_],
    discounts: Floats,
    found: Floats,
) -> None:
    """Put NDCG@k of scores + weight · added, by user and weight, into `found`.

    As `cinespark.algorithms.metrics.ndcg` has it.

    Parameters
    ----------
    scores
        Shape (users, movies); -inf where a movie must not come.
    relevant
        Of the same shape; each user has a relevant movie.
    discounts
        1 / log₂(r + 1) of the ranks r, (k,).
    found
        Shape (users, weights).
    """
    best = np.empty(len(discounts), np.int64)
    best_scores = np.empty(len(discounts))
    for user in range(len(scores)):
        ideal, left = 0.0, 0
        for movie in range(scores.shape[1]):
            if relevant[user, movie] and left < len(discounts):
                ideal += discounts[left]
                left += 1
        for place in range(len(weights)):
            weight, count = weights[place], 0
            for movie in range(scores.shape[1]):
                score = scores[user, movie] + weight * added[user, movie]
                is_low = count == len(best) and score <= best_scores[count - 1]
                if is_low or score == -np.inf:
                    continue
                count = min(count + 1, len(best))
                rank = count - 1
                while rank > 0 and score > best_scores[rank - 1]:
                    best[rank], best_scores[rank] = (
                        best[rank - 1],
                        best_scores[rank - 1],
                    )
                    rank -= 1
                best[rank], best_scores[rank] = movie, score
            gain = 0.0
            for rank in range(count):
                if relevant[user, best[rank]]:
                    gain += discounts[rank]
            found[user, place] = gain / ideal
