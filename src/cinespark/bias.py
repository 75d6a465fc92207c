"""The bias model: what a rating is expected to be before anything about taste."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyspark.sql import DataFrame

BIAS_SCHEMA = "entity string, entity_id int, bias double"


@dataclass(frozen=True)
class BiasParams:
    """Shrinkage in ratings, rounds of alternation."""

    user_shrinkage: float
    movie_shrinkage: float
    iterations: int


def bias_terms(ratings: DataFrame, params: BiasParams) -> DataFrame:
    """Return the global mean, one deviation a user and one a movie, in stars.

    Parameters
    ----------
    ratings
        `user_id` int, `movie_id` int, `rating`; all go to the driver, 16 bytes a row.
    params
        See `fit_biases`.

    Returns
    -------
    DataFrame
        `entity` 'global' (id 0), 'user' or 'movie', `entity_id`, `bias`; the global row
        is there with any rows at all.
    """
    session = ratings.sparkSession
    rows = ratings.select("user_id", "movie_id", "rating").toPandas()
    if rows.empty:
        return session.createDataFrame([], BIAS_SCHEMA)
    # sums follow the order of the rows, and that of a table's files is not fixed
    rows = rows.sort_values(["user_id", "movie_id"], ignore_index=True)
    users, user_index = np.unique(rows["user_id"], return_inverse=True)
    movies, movie_index = np.unique(rows["movie_id"], return_inverse=True)
    mean, user_bias, movie_bias = fit_biases(
        user_index, movie_index, rows["rating"].to_numpy(), params
    )
    terms = [
        pd.DataFrame({"entity": entity, "entity_id": ids, "bias": bias})
        for entity, ids, bias in (
            ("global", [0], [mean]),
            ("user", users, user_bias),
            ("movie", movies, movie_bias),
        )
    ]
    return session.createDataFrame(pd.concat(terms), BIAS_SCHEMA)


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
