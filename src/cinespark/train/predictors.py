"""The predictors of stars: each learns from ratings, all answer by the same arrays.

`predict_ratings` needs μ, a b for each user and movie, and vectors whose product is
added: every model here has that form, the neighbourhood one more term besides.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyspark.sql import SparkSession

from cinespark.algorithms.ratings import Ratings
from cinespark.errors import CineSparkError
from cinespark.train.rating_models import (
    Parameters,
    bilinear,
    counts_of,
    fit_bayesian_mf,
    fit_bias,
    fit_classic_als,
    fit_item_neighbourhood,
    fit_residual_als,
    no_terms,
)
from cinespark.train.stacking import fit_linear_stack


def fit_predictor(
    name: str,
    ratings: Ratings,
    parameters: Parameters,
    scale: tuple[float, float],
    session: SparkSession,
) -> dict[str, NDArray[Any]]:
    """Return all that a model's predictions need, as arrays.

    Parameters
    ----------
    name
        One of PREDICTORS.
    parameters
        Of each model by its name: the stack uses those of its bases.
    scale
        Lowest and highest number of stars; predictions are clipped to it.

    Returns
    -------
    dict
        `scale` (2,), `global_mean` (1,), and for `user` and `movie`: `_ids` (n,) in
        rising order, `_bias`, `_counts` (n + 1,) and `_factors` (n + 1, rank), NaN
        where the model has none; the last row is of anyone unknown. Of a model with a
        neighbourhood also what `neighbourhood_arrays` gives.

    Raises
    ------
    CineSparkError
        If there is no such model, or the memory will not do.
    """
    if name not in PREDICTORS:
        raise CineSparkError(
            f"there is no predictor {name}: the var `predictor` takes one of "
            f"{', '.join(PREDICTORS)}"
        )
    about = counts_of(ratings) | {"scale": np.array(scale, np.float64)}
    if len(ratings.stars):
        return about | PREDICTORS[name](ratings, parameters, session)
    nobody, nothing = no_terms(ratings.user_ids), no_terms(ratings.movie_ids)
    return about | bilinear(np.nan, nobody, nothing)


Fit = Callable[[Ratings, Parameters, SparkSession], dict[str, NDArray[Any]]]
PREDICTORS: Mapping[str, Fit] = {
    "bias": fit_bias,
    "classic_als": fit_classic_als,
    "residual_als": fit_residual_als,
    "item_neighbourhood": fit_item_neighbourhood,
    "linear_stack": fit_linear_stack,
    "bayesian_mf": fit_bayesian_mf,
}
