"""A user's vector from the user's own history, in closed form, at any time.

Given the movies' vectors the best vector of a user is a least-squares solution: Hu,
Koren and Volinsky 2008, "Collaborative filtering for implicit feedback datasets".
"""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from cinespark.algorithms.ratings import Floats

BLOCK = 4096  # users whose equations are held at a time


def recency(newer_counts: Floats, half_life: float | Floats) -> Floats:
    """Return ½ to the power of newer ratings over the half-life, 1 where none is newer.

    Ratings of the same time weigh the same; with all of one time each weighs 1.
    """
    return np.asarray(0.5 ** (newer_counts / half_life))


def fold_in(
    weights: sparse.csr_array,
    vectors: Floats,
    gram: NDArray[np.float64],
    background: float,
    regularization: float,
) -> Floats:
    """Return each user's vector, x = (a₀ YᵀY + Σ c y yᵀ + λ n I)⁻¹ Σ c y.

    Parameters
    ----------
    weights
        c, (users, movies): how much each rating counts; entries of 0 count for n only.
    vectors
        Y, (movies, factors).
    gram
        YᵀY, (factors, factors).
    background
        a₀, how much it counts against a user not to have rated a movie.
    regularization
        λ.

    Returns
    -------
    ndarray
        (users, factors); zeros for a user without a weight above 0.
    """
    factors = vectors.shape[1]
    upper = np.triu_indices(factors)
    square = np.zeros((factors, factors), int)
    square[upper] = np.arange(len(upper[0]))
    square = np.maximum(square, square.T)
    products = vectors[:, upper[0]] * vectors[:, upper[1]]
    counts = np.maximum(np.diff(weights.indptr), 1)
    identity = np.eye(factors)
    users = np.zeros((weights.shape[0], factors))
    for start in range(0, len(users), BLOCK):
        rows = slice(start, start + BLOCK)
        a = (weights[rows] @ products)[:, square] + background * gram
        a += regularization * counts[rows, None, None] * identity
        b = weights[rows] @ vectors
        users[rows] = np.linalg.solve(a, b[..., None])[..., 0]
    return users
