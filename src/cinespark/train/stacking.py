"""The weighted sum of other predictors, its weights learnt on hidden rows."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyspark.sql import SparkSession

from cinespark.algorithms.predict import stars_at
from cinespark.algorithms.ratings import Floats, Ratings
from cinespark.train.rating_models import (
    Parameters,
    columns,
    counts_of,
    fit_bias,
    fit_classic_als,
    fit_item_neighbourhood,
    fit_residual_als,
)


@dataclass(frozen=True)
class StackParams:
    """Settings of the stack: which part it is learnt on, ridge of its weights, seed."""

    validation_share: float
    ridge: float
    seed: int


def fit_linear_stack(
    ratings: Ratings, parameters: Parameters, session: SparkSession
) -> dict[str, NDArray[Any]]:
    """Return the weighted sum of bias, both ALS and the neighbourhood.

    The weights are learnt by a ridge regression on a part of the rows that the bases
    have not seen; then the bases learn from all of them. Breiman 1996, "Stacked
    regressions".
    """
    params = StackParams(**parameters["linear_stack"])
    rng = np.random.default_rng(params.seed)
    is_hidden = rng.random(len(ratings.stars)) < params.validation_share
    hidden = ratings.where(is_hidden)
    models = stack_bases(ratings.where(~is_hidden), parameters, session)
    is_warm = (models[0]["user_counts"][hidden.users] > 0) & (
        models[0]["movie_counts"][hidden.movies] > 0
    )
    inputs = np.column_stack(
        [
            *(stars_at(model, hidden.users, hidden.movies) for model in models),
            np.ones(len(hidden.stars)),
        ]
    )[is_warm]
    weights = np.array([1.0, 0, 0, 0, 0])  # without anything to learn: the bias model
    if len(inputs) > len(weights):
        penalty = params.ridge * np.diag([1.0, 1, 1, 1, 0])
        weights = np.linalg.solve(
            inputs.T @ inputs + penalty, inputs.T @ hidden.stars[is_warm]
        )
    return stacked(stack_bases(ratings, parameters, session), weights)


def stack_bases(
    ratings: Ratings, parameters: Parameters, session: SparkSession
) -> list[dict[str, NDArray[Any]]]:
    """Return what is stacked: bias, classic ALS, residual ALS, neighbours."""
    fits = (fit_bias, fit_classic_als, fit_residual_als, fit_item_neighbourhood)
    return [counts_of(ratings) | fit(ratings, parameters, session) for fit in fits]


def stacked(
    models: list[dict[str, NDArray[Any]]], weights: Floats
) -> dict[str, NDArray[Any]]:
    """Return one model that is the weighted sum; without vectors it is the bias model.

    Each base is s + dₖ with s = μ + b_u + b_i, so the sum is s plus
    (w₀ + w₁ + w₂ + w₃ − 1) s + w₁ d₁ + w₂ d₂ + w₃ d₃ + w₄.
    """
    base, classic, residual, nearest = models
    more = weights[:4].sum() - 1
    user_bias, movie_bias = base["user_bias"], base["movie_bias"]
    users = columns(
        weights[1] * classic["user_factors"],
        weights[2] * residual["user_factors"],
        more * (base["global_mean"] + user_bias) + weights[4],
        np.full(len(user_bias), more),
    )
    movies = columns(
        classic["movie_factors"],
        residual["movie_factors"],
        np.ones(len(movie_bias)),
        movie_bias,
    )
    weight = {"neighbour_weight": weights[3:4]}
    return nearest | {"user_factors": users, "movie_factors": movies} | weight
