"""Models of ratings: μ + b_u + b_i + p_u·q_i, one with neighbours besides."""

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
from dbt.adapters.events.logging import AdapterLogger
from numpy.typing import NDArray

from cinespark.algorithms.arrays import Array
from cinespark.algorithms.bayesian import bytes_needed, fit_bayesian
from cinespark.algorithms.bias import BiasParams, fit_biases
from cinespark.algorithms.folding import Folding
from cinespark.algorithms.gibbs import BayesianParams
from cinespark.algorithms.neighbourhood import (
    BLOCK,
    NeighbourhoodParams,
    similar_movies,
)
from cinespark.algorithms.predictor_model import Neighbourhood, PredictorModel, Terms
from cinespark.algorithms.ratings import Floats, Ids, Ratings
from cinespark.train.als import AlsParams
from cinespark.train.collect import learnt_factors
from cinespark.train.declarations import PredictorInput
from cinespark.train.memory import THREADS, reserved

SECONDS_BETWEEN_NEWS = 20
log = AdapterLogger("CineSpark")


def without_terms(given: PredictorInput, mean: float) -> PredictorModel:
    """Return a model that predicts the mean for everyone."""
    ratings = given.ratings
    users, movies = (
        Terms(
            ids,
            np.zeros(len(ids) + 1),
            np.bincount(places, minlength=len(ids) + 1).astype(np.int32),
            np.zeros((len(ids) + 1, 0), np.float32),
        )
        for ids, places in (
            (ratings.user_ids, ratings.users),
            (ratings.movie_ids, ratings.movies),
        )
    )
    return PredictorModel(given.scale, mean, users, movies)


def with_terms(
    model: PredictorModel,
    users: tuple[Floats, Array],
    movies: tuple[Floats, Array],
) -> PredictorModel:
    """Return the model with other biases and vectors of users and of movies."""
    terms = [
        replace(old, bias=bias, factors=factors.astype(np.float32))
        for old, (bias, factors) in ((model.users, users), (model.movies, movies))
    ]
    return replace(model, users=terms[0], movies=terms[1], folding=None)


def with_factors(model: PredictorModel, users: Array, movies: Array) -> PredictorModel:
    """Return the model with other vectors of users and of movies."""
    return with_terms(model, (model.users.bias, users), (model.movies.bias, movies))


def fit_bias(given: PredictorInput) -> PredictorModel:
    """Return regularised means of users and movies."""
    ratings = given.ratings
    mean, of_users, of_movies = fit_biases(
        ratings.users,
        ratings.movies,
        ratings.stars,
        BiasParams(**given.parameters["bias"]),
    )
    model = without_terms(given, mean)
    model.users.bias[: len(of_users)] = of_users
    model.movies.bias[: len(of_movies)] = of_movies
    # a bias with this precision of its own is the regularised mean
    precision = np.full((1, 1, 1), given.parameters["bias"]["user_shrinkage"])
    folding = Folding(
        mean,
        implicit=np.zeros((len(ratings.movie_ids), 0)),
        movies=model.movies.bias[None, :-1, None],
        centres=np.zeros((1, 1)),
        links=np.zeros((1, ratings.user_features.shape[1], 1)),
        precisions=precision.astype(np.float64),
        alphas=np.ones(1),
        to_factors=np.zeros((1, 0, 0)),
        has_own_noise=False,
    )
    return replace(model, folding=folding)


def fit_classic_als(given: PredictorInput) -> PredictorModel:
    """Return explicit ALS; pairs without vectors get the bias model's prediction.

    p·q replaces μ + b_u + b_i: [p, −μ − b_u, −1]·[q, 1, b_i] is what to add to it.
    """
    base = fit_bias(given)
    users, movies = als_vectors(given, given.ratings.stars, "classic_als")
    less = -base.global_mean - base.users.bias
    return with_factors(
        base,
        side_by_side(users, less, -np.ones(len(users))),
        side_by_side(movies, np.ones(len(movies)), base.movies.bias),
    )


def fit_residual_als(given: PredictorInput) -> PredictorModel:
    """Return the bias model plus explicit ALS on what it leaves over."""
    base = fit_bias(given)
    left = residuals(given.ratings, base)
    return with_factors(base, *als_vectors(given, left, "residual_als"))


def fit_item_neighbourhood(given: PredictorInput) -> PredictorModel:
    """Return the bias model plus the movie's neighbours among what the user rated."""
    base = fit_bias(given)
    nearest = neighbourhood(given, base)
    return replace(base, neighbourhood=nearest, folding=None)


def fit_bayesian_mf(given: PredictorInput) -> PredictorModel:
    """Return Bayesian matrix factorization, which knows unrated movies by features."""
    params = BayesianParams(**given.parameters["bayesian_mf"])
    with reserved(
        bytes_needed(given.ratings, params),
        f"bayesian_mf on {len(given.ratings.stars):,} ratings",
        f"set the var `bayesian_factors` below {params.factors}",
    ):
        mean, users, movies, folding = fit_bayesian(
            given.ratings, params, THREADS, progress("bayesian_mf", params.iterations)
        )
    model = with_terms(without_terms(given, mean), users, movies)
    return replace(model, folding=folding)


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
    given: PredictorInput, stars: Floats, group: str
) -> tuple[Floats, Floats]:
    """Return MLlib's vectors, NaN for who and what has no rating or is unknown."""
    ratings = given.ratings
    rows = pd.DataFrame(
        {
            "user_id": ratings.user_ids[ratings.users].astype(np.int32),
            "movie_id": ratings.movie_ids[ratings.movies].astype(np.int32),
            "rating": stars.astype(np.float32),
        }
    )
    factors = learnt_factors(
        given.session.createDataFrame(rows),
        AlsParams(**given.parameters[group]),
        group,
        most=len(ratings.user_ids) + len(ratings.movie_ids),
    )
    users, movies = (
        vectors_of(factors, entity, ids)
        for entity, ids in (("user", ratings.user_ids), ("movie", ratings.movie_ids))
    )
    return users, movies


def vectors_of(factors: pd.DataFrame, entity: str, ids: Ids) -> Floats:
    """Return vectors in order of the ids and one more row, NaN where there is none."""
    rows = factors[factors["entity"] == entity]
    width = len(rows["factors"].iloc[0]) if len(rows) else 0
    matrix = np.full((len(ids) + 1, width), np.nan)
    if width:
        place = np.searchsorted(ids, rows["entity_id"])
        matrix[place] = np.array(rows["factors"].to_list())
    return matrix


def side_by_side(*parts: Array) -> NDArray[np.float32]:
    """Return vectors and single values side by side, one row per user or movie."""
    return np.column_stack(parts).astype(np.float32)


def residuals(ratings: Ratings, base: PredictorModel) -> Floats:
    """Return what the bias model leaves over of each rating."""
    return np.asarray(
        ratings.stars
        - base.global_mean
        - base.users.bias[ratings.users]
        - base.movies.bias[ratings.movies]
    )


def neighbourhood(given: PredictorInput, base: PredictorModel) -> Neighbourhood:
    """Return each movie's neighbours, learnt from what the bias model leaves over."""
    ratings = given.ratings
    params = NeighbourhoodParams(**given.parameters["item_neighbourhood"])
    size = min(params.movies, len(ratings.movie_ids))
    left = residuals(ratings, base)
    with reserved(
        # three blocks of similarities, neighbours kept, and both matrices
        8 * 3 * BLOCK * size + 8 * params.kept * size + 60 * len(ratings.stars),
        f"item_neighbourhood of {size:,} movies",
        f"set the var `item_item_movies` below {size}",
    ):
        places, similarity = similar_movies(ratings, left, params)
    history = ratings.matrix(left.astype(np.float32))
    history.resize((len(ratings.user_ids) + 1, len(ratings.movie_ids) + 1))
    return Neighbourhood(
        np.vstack([places, np.zeros_like(places[:1])]),
        np.vstack([similarity, np.zeros_like(similarity[:1])]),
        history,
        params.neighbours,
        params.ridge,
    )
