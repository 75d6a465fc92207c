"""EASE: a linear model from the movies a user likes to those to come.

Steck 2019, "Embarrassingly shallow autoencoders for sparse data".
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import scipy.linalg
from numpy.typing import NDArray
from scipy import sparse

from cinespark.algorithms.compiled import in_parts
from cinespark.algorithms.ratings import Floats, Ids
from cinespark.algorithms.row_contributions import products_of_columns
from cinespark.algorithms.row_sums import gram_rows


@dataclass(frozen=True)
class Ease:
    """What scores need: P = (XᵀX + λI)⁻¹, or where users are fewer its parts.

    Parameters
    ----------
    diagonal
        Of P, shape (movies,).
    ridge
        λ.
    inverse
        P in single precision, None where users are fewer than movies; then
    likes, solved
        X and K = (XXᵀ + λI)⁻¹ X, both (users, movies) in single precision: by Woodbury
        P = (I − Xᵀ K) / λ.
    """

    diagonal: Floats
    ridge: float
    inverse: NDArray[np.float32] | None = None
    likes: NDArray[np.float32] | None = None
    solved: NDArray[np.float32] | None = None


def fit_ease(likes: sparse.csr_array, ridge: float, threads: int) -> Ease:
    """Return EASE, fitted on X = `likes`, (users, movies), with λ = `ridge`.

    Parameters
    ----------
    threads
        Rows of XᵀX that are added up at a time; the result does not depend on it.
    """
    users, movies = likes.shape
    if users < movies:
        gram = (likes @ likes.T).toarray() + ridge * np.eye(users)
        dense = likes.toarray()
        solved = scipy.linalg.solve(gram, dense, assume_a="pos")
        return Ease(
            diagonal=(1 - np.einsum("um,um->m", dense, solved)) / ridge,
            ridge=ridge,
            likes=dense.astype(np.float32),
            solved=solved.astype(np.float32),
        )
    inverse = gram_of(likes, threads)
    inverse[np.diag_indices(movies)] += ridge
    factor, failed = scipy.linalg.lapack.spotrf(inverse, overwrite_a=True)
    if failed:  # singular in single precision, for a small λ
        gram = (likes.T @ likes).toarray() + ridge * np.eye(movies)
        exact = scipy.linalg.pinvh(gram)
        return Ease(exact.diagonal().copy(), ridge, inverse=exact.astype(np.float32))
    inverse, _ = scipy.linalg.lapack.spotri(factor, overwrite_c=True)
    upper = np.triu(inverse)
    inverse = upper + np.triu(inverse, 1).T
    return Ease(inverse.diagonal().copy(), ridge, inverse=inverse)


def gram_of(likes: sparse.csr_array, threads: int) -> NDArray[np.float32]:
    """Return XᵀX, (movies, movies), of a sparse X."""
    by_movie = likes.tocsc()
    matrices = [
        part
        for matrix in (by_movie, likes)
        for part in (
            matrix.indptr.astype(np.int64),
            matrix.indices.astype(np.int32),
            matrix.data.astype(np.float64),
        )
    ]
    gram = np.empty((likes.shape[1], likes.shape[1]), np.float32)
    with ThreadPoolExecutor(threads) as pool:
        in_parts(
            matrices[0],
            lambda first, end: gram_rows(first, gram[first:end], *matrices),
            pool,
        )
    return gram


def ease_scores(ease: Ease, history: sparse.csr_array) -> Floats:
    """Return scores (users, movies), x − (x P) / diag(P).

    Parameters
    ----------
    history
        x, (users, movies), of the users that EASE was fitted on or any others.
    """
    asked = history.astype(np.float32)
    if ease.inverse is not None:
        product = asked @ ease.inverse
    else:
        assert ease.likes is not None  # fit_ease gives either the inverse or its parts
        # only what somebody has rated: one person's few movies are not all of them
        columns = np.unique(asked.indices)
        liked = np.ascontiguousarray(ease.likes[:, columns].T)
        product = history.toarray() - (asked[:, columns] @ liked) @ ease.solved
        product /= ease.ridge
    return np.asarray(history.toarray() - product / ease.diagonal)


def likes_by_movie(ease: Ease) -> sparse.csc_array | None:
    """Return X by columns, in double precision, None where P is there as it is."""
    if ease.likes is None:
        return None
    rows, columns = np.nonzero(ease.likes)
    values = ease.likes[rows, columns].astype(np.float64)
    return sparse.csc_array((values, (rows, columns)), ease.likes.shape)


def ease_contributions(
    ease: Ease,
    likes: sparse.csc_array | None,
    starts: Ids,
    movies: Ids,
    weights: Floats,
    listed: Ids,
) -> Floats:
    """Return what each rating adds to the score of listed movies, −x_j P_ji / P_ii.

    Parameters
    ----------
    likes
        As `likes_by_movie` returns it.
    starts, movies, weights
        Where each user's entries start, and j and x_j of all, (entries,).
    listed
        i, (users, n), which their users have not seen.

    Returns
    -------
    ndarray
        (entries, n) in double precision; 0 for movies that EASE does not cover.
    """
    size = len(ease.diagonal)
    asked = np.repeat(listed, np.diff(starts), axis=0)
    is_covered = (movies[:, None] < size) & (asked < size)
    places = np.where(is_covered, asked, 0)
    if ease.inverse is not None:
        rows = np.minimum(movies, size - 1)[:, None]
        products = -ease.inverse[rows, places].astype(np.float64)
    else:
        assert likes is not None  # as of every EASE without P itself
        assert ease.solved is not None
        products = np.empty(places.shape)
        products_of_columns(
            starts,
            movies,
            listed,
            likes.indptr.astype(np.int64),
            likes.indices.astype(np.int32),
            likes.data,
            ease.solved,
            products,
        )
        products /= ease.ridge  # P = (I − Xᵀ K) / λ, and j is not i
    added = weights[:, None] * products / ease.diagonal[places]
    return np.asarray(np.where(is_covered, added, 0.0))
