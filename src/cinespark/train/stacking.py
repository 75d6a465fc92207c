"""The weighted sum of other predictors, its weights learnt on hidden rows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from cinespark.algorithms.predict import ratings_at
from cinespark.algorithms.predictor_model import PredictorModel
from cinespark.algorithms.ratings import Floats
from cinespark.train.declarations import PredictorInput
from cinespark.train.predictor_fits import (
    fit_bias,
    fit_classic_als,
    fit_item_neighbourhood,
    fit_residual_als,
    side_by_side,
    with_factors,
)


@dataclass(frozen=True)
class StackParams:
    """Share of the rows that the weights are learnt on, ridge of the weights, seed."""

    validation_share: float
    ridge: float
    seed: int


def fit_linear_stack(given: PredictorInput) -> PredictorModel:
    """Return the weighted sum of bias, both ALS and the neighbourhood.

    The weights are learnt by a ridge regression on a part of the rows that the bases
    have not seen; then the bases learn from all of them. Breiman 1996, "Stacked
    regressions".
    """
    params = StackParams(**given.parameters["linear_stack"])
    ratings = given.ratings
    rng = np.random.default_rng(params.seed)
    is_hidden = rng.random(len(ratings.stars)) < params.validation_share
    hidden = ratings.where(is_hidden)
    models = fit_bases(replace(given, ratings=ratings.where(~is_hidden)))
    is_warm = (models[0].users.rating_counts[hidden.users] > 0) & (
        models[0].movies.rating_counts[hidden.movies] > 0
    )
    inputs = np.column_stack(
        [
            *(ratings_at(model, hidden.users, hidden.movies) for model in models),
            np.ones(len(hidden.stars)),
        ]
    )[is_warm]
    weights = np.array([1.0, 0, 0, 0, 0])  # without anything to learn: the bias model
    if len(inputs) > len(weights):
        penalty = params.ridge * np.diag([1.0, 1, 1, 1, 0])
        weights = np.linalg.solve(
            inputs.T @ inputs + penalty, inputs.T @ hidden.stars[is_warm]
        )
    return stacked(fit_bases(given), weights)


def fit_bases(given: PredictorInput) -> list[PredictorModel]:
    """Return what is stacked: bias, classic ALS, residual ALS, neighbourhood."""
    fits = (fit_bias, fit_classic_als, fit_residual_als, fit_item_neighbourhood)
    return [fit(given) for fit in fits]


def stacked(models: Sequence[PredictorModel], weights: Floats) -> PredictorModel:
    """Return one model that is the weighted sum; without vectors it is the bias model.

    Each base is s + dₖ with s = μ + b_u + b_i, so the sum is s plus
    (w₀ + w₁ + w₂ + w₃ − 1) s + w₁ d₁ + w₂ d₂ + w₃ d₃ + w₄.
    """
    base, classic, residual, nearest = models
    more = weights[:4].sum() - 1
    users = side_by_side(
        weights[1] * classic.users.factors,
        weights[2] * residual.users.factors,
        more * (base.global_mean + base.users.bias) + weights[4],
        np.full(len(base.users.bias), more),
    )
    movies = side_by_side(
        classic.movies.factors,
        residual.movies.factors,
        np.ones(len(base.movies.bias)),
        base.movies.bias,
    )
    assert nearest.neighbourhood is not None  # fit_item_neighbourhood gives one
    return replace(
        with_factors(base, users, movies),
        neighbourhood=replace(nearest.neighbourhood, weight=float(weights[3])),
    )
