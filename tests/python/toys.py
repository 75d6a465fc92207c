"""A predictor and a ranker that only a test declares, as anyone else would."""

from contextlib import contextmanager
from unittest.mock import patch

import numpy as np

from cinespark.algorithms.ranker_model import Popularity, RankerModel
from cinespark.train.declarations import Knob, Predictor, Ranker
from cinespark.train.predictor_fits import without_terms
from cinespark.train.predictors import PREDICTORS
from cinespark.train.rankers import RANKERS


def fit_toy_predictor(given):
    return without_terms(given, float(np.median(given.ratings.stars)))


def fit_toy_ranker(given):
    likes = given.preferences.like_counts
    # the least liked first, of those that anyone likes
    return RankerModel(
        given.preferences.catalogue, likes > 0, ((1.0, Popularity(-likes)),)
    )


TOY_PREDICTOR = Predictor(
    "toy_median",
    "the median of all ratings, for every pair",
    parameters=("bias",),
    knobs=(Knob("bias_user_shrinkage", "bias", "user_shrinkage", 0.5, 50.0),),
    note="a toy that counts {bias[iterations]} iterations",
    fit=fit_toy_predictor,
)
TOY_RANKER = Ranker(
    "toy_unpopular",
    "likes, the fewest first",
    note="a toy without parameters",
    fit=fit_toy_ranker,
)


@contextmanager
def toys():
    """Declare both toys for a while."""
    with (
        patch.dict(PREDICTORS, {TOY_PREDICTOR.name: TOY_PREDICTOR}),
        patch.dict(RANKERS, {TOY_RANKER.name: TOY_RANKER}),
    ):
        yield
