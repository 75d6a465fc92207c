"""Item neighbourhoods on what the bias model leaves over.

After Sarwar et al. 2001, "Item-based collaborative filtering recommendation
algorithms"; shrunk similarities as in Koren 2010, "Factor in the neighbors".
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from cinespark.algorithms.ratings import Floats, Ids, Ratings

BLOCK = 1000  # movies whose similarities to all others are held at a time


@dataclass(frozen=True)
class NeighbourhoodParams:
    """Settings of a neighbourhood.

    Parameters
    ----------
    shrinkage
        Common raters at which a similarity counts half.
    neighbours
        How many of a user's movies a prediction rests on.
    kept
        How many of a movie's most similar movies are looked through for them.
    movies
        Only so many of the most rated movies have, and are, neighbours.
    ridge
        Added to the sum of weights.
    """

    shrinkage: float
    neighbours: int
    kept: int
    movies: int
    ridge: float


def similar_movies(
    ratings: Ratings, residuals: Floats, params: NeighbourhoodParams
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Return each movie's most similar movies and how similar they are.

    The cosine of the movies' columns of residuals, where it is positive, times
    n / (n + shrinkage) with n common raters.

    Returns
    -------
    tuple
        Positions and similarities, both (movies, kept), most similar first; a
        similarity of 0 fills up.
    """
    count = len(ratings.movie_ids)
    rated = np.bincount(ratings.movies, minlength=count)
    chosen = np.sort(np.argsort(-rated, kind="stable")[: params.movies])
    starred = ratings.matrix(residuals).tocsc()[:, chosen]
    seen = ratings.matrix(np.ones_like(residuals)).tocsc()[:, chosen]
    length = np.sqrt(np.maximum(starred.power(2).sum(axis=0), 1e-12))
    unit = (starred @ sparse.diags_array(1 / length)).tocsc()
    width = min(params.kept, max(1, len(chosen) - 1))
    places = np.zeros((count, width), np.int32)
    similarity = np.zeros((count, width), np.float32)
    for start in range(0, len(chosen), BLOCK):
        block = slice(start, start + BLOCK)
        common = (seen[:, block].T @ seen).toarray()
        cosine = (unit[:, block].T @ unit).toarray() * common
        cosine /= common + params.shrinkage
        row = np.arange(len(cosine))
        cosine[row, start + row] = 0
        best = np.argpartition(-cosine, width - 1, axis=1)[:, :width]
        value = np.take_along_axis(cosine, best, axis=1)
        order = np.argsort(-value, axis=1, kind="stable")
        places[chosen[block]] = chosen[np.take_along_axis(best, order, axis=1)]
        sorted_values = np.take_along_axis(value, order, axis=1)
        similarity[chosen[block]] = np.maximum(sorted_values, 0)
    return places, similarity


def neighbourhood_values(
    histories: sparse.csr_array,
    places: NDArray[np.int32],
    similarity: NDArray[np.float32],
    users: Ids,
    movies: Ids,
    neighbours: int,
    ridge: float,
) -> Floats:
    """Return Σ s_ij e_uj / (Σ s_ij + ridge) over the nearest movies j that u rated.

    Parameters
    ----------
    histories
        Residuals e, (users, movies); stored zeros are ratings.
    places, similarity
        As `similar_movies` gives them.
    users, movies
        Positions of the pairs, shape (n,).
    neighbours
        At most so many movies j, the most similar ones.
    """
    values = np.zeros(len(users))
    order = np.argsort(users, kind="stable")
    # a dense block of histories is at most 64 MB, a block of pairs about as much
    size = max(1, min(20_000, 2**23 // max(1, similarity.shape[1])))
    width = max(1, 2**23 // max(1, histories.shape[1]))
    start = 0
    while start < len(order):
        pairs = order[start : start + size]
        first = users[pairs[0]]
        pairs = pairs[users[pairs] < first + width]
        block = histories[first : users[pairs[-1]] + 1]
        residuals = np.full(block.shape, np.nan, np.float32)
        rows = np.repeat(np.arange(block.shape[0]), np.diff(block.indptr))
        residuals[rows, block.indices] = block.data
        found = residuals[(users[pairs] - first)[:, None], places[movies[pairs]]]
        weight = np.where(np.isnan(found), 0, similarity[movies[pairs]])
        weight[np.cumsum(weight > 0, axis=1) > neighbours] = 0
        total = (weight * np.nan_to_num(found)).sum(axis=1)
        values[pairs] = total / (weight.sum(axis=1) + ridge)
        start += len(pairs)
    return values
