"""A user's vector from the user's own history, in closed form, at any time.

Given the movies' vectors the best vector of a user is a least-squares solution: Hu,
Koren and Volinsky 2008, "Collaborative filtering for implicit feedback datasets".
"""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from cinespark.algorithms.ratings import Floats, Ids
from cinespark.algorithms.row_equations import fold_in_rows
from cinespark.errors import CineSparkError


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
    """Return users' vectors, x = (a₀ YᵀY + Σ |c| y yᵀ + λ n I)⁻¹ Σ max(c, 0) y.

    Parameters
    ----------
    weights
        c, (users, movies): how much each rating counts, below 0 against the movie;
        entries of 0 count for n only.
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

    Raises
    ------
    CineSparkError
        If the equations of a user have no unique solution.
    """
    folded = np.empty((weights.shape[0], vectors.shape[1]))
    fold_in_rows(
        weights.indptr.astype(np.int64),
        weights.indices.astype(np.int32),
        weights.data.astype(np.float64),
        np.ascontiguousarray(vectors, np.float64),
        background * gram,
        regularization,
        folded,
    )
    if not np.isfinite(folded).all():
        raise CineSparkError(
            "folding users in has no unique solution with a background of "
            f"{background} and a regularization of {regularization}: set the var "
            "fold_in_background or fold_in_regularization above 0"
        )
    return folded


def fold_in_contributions(
    starts: Ids,
    movies: Ids,
    weights: Floats,
    listed: Ids,
    vectors: Floats,
    base: NDArray[np.float64],
    regularization: float,
) -> Floats:
    """Return what each rating adds to the score of listed movies.

    That is y_iᵀ A⁻¹ max(c_j, 0) y_j, by section 5 of the paper;
    A = a₀ YᵀY + Σ |c| y yᵀ + λ n I is the user's, as `fold_in` has it.

    Parameters
    ----------
    starts, movies, weights
        Where each user's entries start, and j and c_j of all, (entries,).
    listed
        i, (users, n).
    vectors, base, regularization
        Y, a₀ YᵀY and λ.

    Returns
    -------
    ndarray
        (entries, n).
    """
    added = np.zeros((len(movies), listed.shape[1]))
    for user, places in enumerate(listed):
        mine = slice(starts[user], starts[user + 1])
        rated, counts = vectors[movies[mine]], weights[mine]
        if not (counts > 0).any():
            continue
        a = base + (np.abs(counts)[:, None] * rated).T @ rated
        a[np.diag_indices(len(a))] += regularization * len(counts)
        solved = np.linalg.solve(a, vectors[places].T)
        added[mine] = np.maximum(counts, 0)[:, None] * (rated @ solved)
    return added
