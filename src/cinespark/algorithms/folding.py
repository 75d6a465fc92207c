"""Users whom a predictor has not seen, from their own ratings and its movies."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from cinespark.algorithms.ratings import Floats, Ids
from cinespark.algorithms.row_equations import draw_rows

PRIOR_RATINGS = 4  # strength of the prior of a user's precision, in pseudo-ratings


@dataclass(frozen=True)
class Folding:
    """What is expected of a user, given the movies, in each of some draws of a chain.

    Parameters
    ----------
    mean
        μ, which ratings are taken from.
    implicit
        Shape (movies, f): what a rating of each movie says of a user, whatever its
        stars.
    movies
        Vectors and biases (the last column), shape (draws, movies, width).
    centres, links
        m and β: vectors are expected at m + x β, where the side features x have f + d
        columns; shapes (draws, width) and (draws, f + d, width).
    precisions
        Λ, around what is expected, shape (draws, width, width).
    alphas
        Of a rating, shape (draws,).
    to_factors
        From the vectors of a draw to those that the model keeps, shape
        (draws, width - 1, rank).
    has_own_noise
        Whether the ratings of each user have a precision of their own.
    """

    mean: float
    implicit: Floats
    movies: Floats
    centres: Floats
    links: Floats
    precisions: Floats
    alphas: Floats
    to_factors: Floats
    has_own_noise: bool


def fold_users(
    folding: Folding, stars: sparse.csr_array, features: Floats
) -> tuple[Floats, Floats]:
    """Return the biases and vectors of users, the mean of what each draw expects.

    In each draw it is A⁻¹(Λ m_u + α_u Bᵀy), which the Gibbs sampler draws around. The
    precision of a user's own ratings is taken from the errors at the draw before; at
    what is expected they are a little smaller than at what the sampler draws.

    Parameters
    ----------
    stars
        Shape (users, movies); a user may have rated nothing.
    features
        What is known of them besides, shape (users, d).

    Returns
    -------
    tuple
        Biases (users,) and vectors (users, rank).
    """
    residuals = stars.data.astype(np.float64) - folding.mean
    rows = stars.indptr.astype(np.int64), stars.indices.astype(np.int32), residuals
    counts = np.diff(stars.indptr)
    known = np.hstack([who_rated_what(stars, folding.implicit), features])
    bias = np.zeros(len(counts))
    factors = np.zeros((len(counts), folding.to_factors.shape[2]))
    alike, shares = np.ones(stars.shape[1]), np.ones(len(counts))
    draws = len(folding.alphas)
    for draw, alpha in enumerate(folding.alphas):
        prior = folding.centres[draw] + known @ folding.links[draw]
        expected, squares = np.empty_like(prior), np.empty(len(prior))
        draw_rows(
            *rows,
            folding.movies[draw],
            alike,
            alpha * shares,
            prior,
            folding.precisions[draw],
            np.zeros_like(prior),
            expected,
            squares,
        )
        if folding.has_own_noise:
            shares = expected_shares(squares, counts, float(alpha))
        bias += expected[:, -1] / draws
        factors += expected[:, :-1] @ folding.to_factors[draw] / draws
    return bias, factors


def expected_shares(squares: Floats, counts: Ids, alpha: float) -> Floats:
    """Return by how much the precision of each user's ratings differs from α.

    Parameters
    ----------
    squares, counts
        Of each user, the sum of squared errors, and how many there are.
    """
    ordinary = PRIOR_RATINGS / 2
    return np.asarray((ordinary + counts / 2) / (ordinary + alpha * squares / 2))


def who_rated_what(rated: sparse.csr_array, vectors: NDArray[np.float64]) -> Floats:
    """Return n^(−¼) Σ v over what each row has rated, whose count is n.

    Parameters
    ----------
    rated
        Its entries count 1 each, whatever their value.
    vectors
        v, one per column, shape (columns, f).
    """
    ones = np.ones(rated.nnz)
    seen = sparse.csr_array((ones, rated.indices, rated.indptr), rated.shape)
    counts = np.maximum(np.diff(rated.indptr), 1)
    return np.asarray((seen @ vectors) * counts[:, None] ** -0.25)
