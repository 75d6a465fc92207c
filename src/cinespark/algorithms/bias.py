"""The bias model: what a rating is expected to be before anything about taste."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class BiasParams:
    """Shrinkage in ratings, rounds of alternation."""

    user_shrinkage: float
    movie_shrinkage: float
    iterations: int


def fit_biases(
    users: NDArray[np.int64],
    movies: NDArray[np.int64],
    ratings: NDArray[np.float64],
    params: BiasParams,
) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
    """Return the mean μ, the users' b_u and the movies' b_i of r ≈ μ + b_u + b_i.

    b_i = Σ(r − μ − b_u) / (n_i + λ_i), b_u = Σ(r − μ − b_i) / (n_u + λ_u), in turn:
    Koren 2010, "Factor in the neighbors", section 2.1.

    Parameters
    ----------
    users, movies
        Position of each rating's user and movie, counted from 0, shape (n,).
    ratings
        Stars, shape (n,).
    params
        λ_u and λ_i as `user_shrinkage` and `movie_shrinkage`.
    """
    mean = float(ratings.mean())
    residuals = ratings - mean
    user_count = np.bincount(users) + params.user_shrinkage
    movie_count = np.bincount(movies) + params.movie_shrinkage
    user_bias = np.zeros(len(user_count))
    movie_bias = np.zeros(len(movie_count))
    for _ in range(params.iterations):
        movie_bias = np.bincount(movies, residuals - user_bias[users]) / movie_count
        user_bias = np.bincount(users, residuals - movie_bias[movies]) / user_count
    return mean, user_bias, movie_bias
