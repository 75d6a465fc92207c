"""EASE: a linear model from the movies a user likes to those to come.

Steck 2019, "Embarrassingly shallow autoencoders for sparse data".
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import scipy.linalg
from numpy.typing import NDArray
from scipy import sparse

from cinespark.algorithms.ratings import Floats


def fit_ease(likes: sparse.csr_array, ridge: float) -> dict[str, NDArray[Any]]:
    """Return what scores need: P = (XᵀX + λI)⁻¹, or where users are fewer its parts.

    By Woodbury P = (I − Xᵀ K) / λ with K = (XXᵀ + λI)⁻¹ X, (users, movies).

    Parameters
    ----------
    likes
        X, (users, movies).
    ridge
        λ.

    Returns
    -------
    dict
        `ease_diagonal` of P (movies,), and `ease_inverse` P, or `ease_ridge`,
        `ease_likes` X and `ease_solved` K, in single precision.
    """
    users, movies = likes.shape
    if users < movies:
        gram = (likes @ likes.T).toarray() + ridge * np.eye(users)
        dense = likes.toarray()
        solved = scipy.linalg.solve(gram, dense, assume_a="pos")
        return {
            "ease_diagonal": (1 - np.einsum("um,um->m", dense, solved)) / ridge,
            "ease_ridge": np.array([ridge]),
            "ease_likes": dense.astype(np.float32),
            "ease_solved": solved.astype(np.float32),
        }
    inverse = (likes.T @ likes).toarray().astype(np.float32)
    inverse[np.diag_indices(movies)] += ridge
    factor, _ = scipy.linalg.lapack.spotrf(inverse, overwrite_a=True)
    inverse, _ = scipy.linalg.lapack.spotri(factor, overwrite_c=True)
    upper = np.triu(inverse)
    inverse = upper + np.triu(inverse, 1).T
    return {"ease_diagonal": inverse.diagonal().copy(), "ease_inverse": inverse}


def ease_scores(arrays: Mapping[str, Any], history: sparse.csr_array) -> Floats:
    """Return scores (users, movies), x − (x P) / diag(P).

    Parameters
    ----------
    arrays
        As `fit_ease` gives them.
    history
        x, (users, movies), of these or any other users.
    """
    if "ease_inverse" in arrays:
        product = history.astype(np.float32) @ arrays["ease_inverse"]
    else:
        through = history.astype(np.float32) @ arrays["ease_likes"].T
        product = history.toarray() - through @ arrays["ease_solved"]
        product /= arrays["ease_ridge"][0]
    return np.asarray(history.toarray() - product / arrays["ease_diagonal"])
