"""The predictors: each is declared here once, and fitted by its name."""

import numpy as np

from cinespark.algorithms.predictor_model import PredictorModel
from cinespark.train.declarations import Knob, Predictor, PredictorInput, declared
from cinespark.train.predictor_fits import (
    fit_bayesian_mf,
    fit_bias,
    fit_classic_als,
    fit_item_neighbourhood,
    fit_residual_als,
    without_terms,
)
from cinespark.train.stacking import fit_linear_stack

RESIDUAL_REG_PARAM = Knob(
    "residual_als_reg_param", "residual_als", "reg_param", 0.03, 0.5
)
NEIGHBOURHOOD_SHRINKAGE = Knob(
    "neighbourhood_shrinkage", "item_neighbourhood", "shrinkage", 3.0, 200.0
)
PREDICTORS: dict[str, Predictor] = {
    one.name: one
    for one in (
        Predictor(
            "bias",
            "the mean, and regularised deviations of users and movies",
            parameters=("learning", "bias"),
            knobs=(
                Knob("bias_user_shrinkage", "bias", "user_shrinkage", 0.5, 50.0),
                Knob("bias_movie_shrinkage", "bias", "movie_shrinkage", 0.5, 50.0),
            ),
            is_baseline=True,
            fit=fit_bias,
        ),
        Predictor(
            "classic_als",
            "Spark MLlib's explicit ALS at the classic settings",
            parameters=("classic_als",),
            knobs=(
                Knob("classic_als_rank", "classic_als", "rank", 4, 64),
                Knob("classic_als_reg_param", "classic_als", "reg_param", 0.02, 0.5),
            ),
            fit=fit_classic_als,
        ),
        Predictor(
            "residual_als",
            "MLlib's explicit ALS on what the bias model leaves over",
            parameters=("residual_als",),
            knobs=(
                Knob("residual_als_rank", "residual_als", "rank", 8, 80),
                RESIDUAL_REG_PARAM,
            ),
            fit=fit_residual_als,
        ),
        Predictor(
            "item_neighbourhood",
            "the bias model plus what the user left over at the most similar movies",
            parameters=("item_neighbourhood",),
            knobs=(
                NEIGHBOURHOOD_SHRINKAGE,
                Knob(
                    "neighbourhood_neighbours",
                    "item_neighbourhood",
                    "neighbours",
                    10,
                    100,
                ),
                Knob("neighbourhood_ridge", "item_neighbourhood", "ridge", 0.05, 5.0),
            ),
            note="item-item parts cover the {item_neighbourhood[movies]} most popular "
            "movies",
            fit=fit_item_neighbourhood,
        ),
        Predictor(
            "linear_stack",
            "the weighted sum of these four; weights from a part they had not seen",
            parameters=("linear_stack",),
            knobs=(
                RESIDUAL_REG_PARAM,
                NEIGHBOURHOOD_SHRINKAGE,
                Knob("stack_ridge", "linear_stack", "ridge", 0.01, 100.0),
            ),
            fit=fit_linear_stack,
        ),
        Predictor(
            "bayesian_mf",
            "Bayesian matrix factorization by Gibbs sampling, with who rated what, "
            "genres, years and demographics as side features",
            parameters=("learning", "bayesian_mf"),
            knobs=(
                Knob("bayesian_factors", "bayesian_mf", "factors", 6, 32),
                Knob("bayesian_link_ridge", "bayesian_mf", "link_ridge", 1.0, 100.0),
                Knob(
                    "bayesian_implicit_features",
                    "bayesian_mf",
                    "implicit_features",
                    0,
                    120,
                ),
            ),
            uses_demographics=True,
            fit=fit_bayesian_mf,
        ),
        Predictor(
            "none",
            "nothing: lists are published without stars",
            fit=lambda given: without_terms(given, np.nan),
            is_judged=False,
        ),
    )
}


def fit_predictor(name: str, given: PredictorInput) -> PredictorModel:
    """Return the predictor of this name, fitted.

    Parameters
    ----------
    name
        One of PREDICTORS.
    given
        Without ratings the model's mean is NaN, whichever predictor it is.

    Raises
    ------
    CineSparkError
        If there is no such predictor, or the memory will not do.
    """
    fit = declared(PREDICTORS, name, "predictor").fit
    return fit(given) if len(given.ratings.stars) else without_terms(given, np.nan)
