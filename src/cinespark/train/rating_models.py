"""Models of stars: μ + b_u + b_i + p_u·q_i, one with neighbours besides."""

import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from dbt.adapters.events.logging import AdapterLogger
from numpy.typing import NDArray
from pyspark.sql import SparkSession

from cinespark.algorithms.arrays import Arrays
from cinespark.algorithms.bayesian import BayesianParams, bytes_needed, fit_bayesian
from cinespark.algorithms.bias import BiasParams, fit_biases
from cinespark.algorithms.neighbourhood import (
    BLOCK,
    NeighbourhoodParams,
    similar_movies,
)
from cinespark.algorithms.ratings import Floats, Ratings
from cinespark.train.als import AlsParams, train_factors
from cinespark.train.memory import THREADS, require_memory

Parameters = Mapping[str, Mapping[str, Any]]


SECONDS_BETWEEN_NEWS = 20


log = AdapterLogger("CineSpark")


def counts_of(ratings: Ratings) -> dict[str, NDArray[Any]]:
    """Return the ids, and how many ratings each has; a last count is of the unknown."""
    arrays: dict[str, NDArray[Any]] = {}
    for entity, ids, places in (
        ("user", ratings.user_ids, ratings.users),
        ("movie", ratings.movie_ids, ratings.movies),
    ):
        arrays[f"{entity}_ids"] = ids
        counts = np.bincount(places, minlength=len(ids) + 1)
        arrays[f"{entity}_counts"] = counts.astype(np.int32)
    return arrays


def no_terms(ids: NDArray[Any]) -> tuple[Floats, Floats]:
    """Return a b of 0 for each id, and vectors of length 0."""
    return np.zeros(len(ids) + 1), np.zeros((len(ids) + 1, 0))


def bilinear(
    mean: float, users: tuple[Floats, Floats], movies: tuple[Floats, Floats]
) -> dict[str, NDArray[Any]]:
    """Return the arrays of a model of the form μ + b_u + b_i + p_u·q_i."""
    return {
        "global_mean": np.array([mean]),
        "user_bias": users[0],
        "user_factors": users[1].astype(np.float32),
        "movie_bias": movies[0],
        "movie_factors": movies[1].astype(np.float32),
    }


def fit_bias(
    ratings: Ratings, parameters: Parameters, session: SparkSession | None = None
) -> dict[str, NDArray[Any]]:
    """Return regularised means of users and movies."""
    params = BiasParams(**parameters["bias"])
    mean, of_users, of_movies = fit_biases(
        ratings.users, ratings.movies, ratings.stars, params
    )
    users, movies = no_terms(ratings.user_ids), no_terms(ratings.movie_ids)
    users[0][: len(of_users)] = of_users
    movies[0][: len(of_movies)] = of_movies
    return bilinear(mean, users, movies)


def fit_classic_als(
    ratings: Ratings, parameters: Parameters, session: SparkSession
) -> dict[str, NDArray[Any]]:
    """Return explicit ALS; pairs without vectors get the bias model's stars.

    p·q replaces μ + b_u + b_i: [p, −μ − b_u, −1]·[q, 1, b_i] is what to add to it.
    """
    base = fit_bias(ratings, parameters)
    users, movies = als_vectors(
        ratings, ratings.stars, parameters["classic_als"], session
    )
    less = -base["global_mean"] - base["user_bias"]
    return base | {
        "user_factors": columns(users, less, -np.ones(len(users))),
        "movie_factors": columns(movies, np.ones(len(movies)), base["movie_bias"]),
    }


def fit_residual_als(
    ratings: Ratings, parameters: Parameters, session: SparkSession
) -> dict[str, NDArray[Any]]:
    """Return the bias model plus explicit ALS on what it leaves over."""
    base = fit_bias(ratings, parameters)
    left = residuals(ratings, base)
    users, movies = als_vectors(ratings, left, parameters["residual_als"], session)
    return base | {"user_factors": columns(users), "movie_factors": columns(movies)}


def fit_item_neighbourhood(
    ratings: Ratings, parameters: Parameters, session: SparkSession | None = None
) -> dict[str, NDArray[Any]]:
    """Return the bias model plus the movie's neighbours among what the user rated."""
    base = fit_bias(ratings, parameters)
    return base | neighbourhood_arrays(ratings, base, parameters)


def fit_bayesian_mf(
    ratings: Ratings, parameters: Parameters, session: SparkSession | None = None
) -> dict[str, NDArray[Any]]:
    """Return Bayesian matrix factorization, which knows unrated movies by features."""
    params = BayesianParams(**parameters["bayesian_mf"])
    require_memory(
        bytes_needed(ratings, params),
        f"bayesian_mf on {len(ratings.stars):,} ratings",
        f"set the var `bayesian_factors` below {params.factors}",
    )
    mean, users, movies = fit_bayesian(
        ratings, params, THREADS, progress("bayesian_mf", params.iterations)
    )
    return bilinear(mean, users, movies)


def progress(what: str, rounds: int) -> Callable[[], None]:
    """Return a function to call after each round; it logs how far long work is."""
    done, said = 0, time.monotonic()

    def report() -> None:
        nonlocal done, said
        done += 1
        if time.monotonic() - said > SECONDS_BETWEEN_NEWS:
            said = time.monotonic()
            log.info(f"{what}: round {done} of {rounds}")

    return report


def als_vectors(
    ratings: Ratings, stars: Floats, params: Mapping[str, Any], session: SparkSession
) -> tuple[Floats, Floats]:
    """Return MLlib's vectors, NaN for who and what has no rating or is unknown."""
    rows = pd.DataFrame(
        {
            "user_id": ratings.user_ids[ratings.users].astype(np.int32),
            "movie_id": ratings.movie_ids[ratings.movies].astype(np.int32),
            "rating": stars.astype(np.float32),
        }
    )
    factors = train_factors(
        session.createDataFrame(rows), AlsParams(**params)
    ).toPandas()
    users, movies = (
        vectors_of(factors, entity, ids)
        for entity, ids in (("user", ratings.user_ids), ("movie", ratings.movie_ids))
    )
    return users, movies


def vectors_of(factors: pd.DataFrame, entity: str, ids: NDArray[Any]) -> Floats:
    """Return vectors in order of the ids and one more row, NaN where there is none."""
    rows = factors[factors["entity"] == entity]
    width = len(rows["factors"].iloc[0]) if len(rows) else 0
    matrix = np.full((len(ids) + 1, width), np.nan)
    if width:
        place = np.searchsorted(ids, rows["entity_id"])
        matrix[place] = np.array(rows["factors"].to_list())
    return matrix


def columns(*parts: NDArray[Any]) -> NDArray[np.float32]:
    """Return vectors and single values side by side, one row a user or movie."""
    return np.column_stack(parts).astype(np.float32)


def residuals(ratings: Ratings, base: Arrays) -> Floats:
    """Return what the bias model leaves over of each rating."""
    return np.asarray(
        ratings.stars
        - base["global_mean"]
        - base["user_bias"][ratings.users]
        - base["movie_bias"][ratings.movies]
    )


def neighbourhood_arrays(
    ratings: Ratings, base: Arrays, parameters: Parameters
) -> dict[str, NDArray[Any]]:
    """Return what the neighbourhood's term needs.

    Returns
    -------
    dict
        `neighbour_movies` and `neighbour_similarity` (movies + 1, kept), `neighbours`,
        `neighbour_ridge` and `neighbour_weight` (1,), and the users' residuals as a
        sparse matrix: `history_starts`, `history_movies`, `history_residuals`.
    """
    params = NeighbourhoodParams(**parameters["item_neighbourhood"])
    size = min(params.movies, len(ratings.movie_ids))
    require_memory(
        # three blocks of similarities, neighbours kept, and both matrices
        8 * 3 * BLOCK * size + 8 * params.kept * size + 60 * len(ratings.stars),
        f"item_neighbourhood of {size:,} movies",
        f"set the var `item_item_movies` below {size}",
    )
    left = residuals(ratings, base)
    places, similarity = similar_movies(ratings, left, params)
    history = ratings.matrix(left)
    return {
        "neighbour_movies": np.vstack([places, np.zeros_like(places[:1])]),
        "neighbour_similarity": np.vstack([similarity, np.zeros_like(similarity[:1])]),
        "neighbours": np.array([params.neighbours]),
        "neighbour_ridge": np.array([params.ridge]),
        "neighbour_weight": np.array([1.0]),
        "history_starts": np.append(history.indptr, history.indptr[-1]),
        "history_movies": history.indices,
        "history_residuals": history.data.astype(np.float32),
    }
