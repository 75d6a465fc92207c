"""Predicted ratings of a fitted predictor: the same for tables, files and MLflow."""

import numpy as np
from numpy.typing import NDArray

from cinespark.algorithms.neighbourhood import neighbourhood_values
from cinespark.algorithms.predictor_model import PredictorModel
from cinespark.algorithms.ratings import Floats, Ids

PAIRS = 100_000  # whose vectors are gathered at a time


def predict_ratings(
    model: PredictorModel, user_ids: Ids, movie_ids: Ids
) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the predicted ratings of pairs, and which of the pairs are cold.

    Parameters
    ----------
    user_ids, movie_ids
        Shape (n,), known or not.

    Returns
    -------
    tuple
        Ratings in stars, clipped to the scale, shape (n,); whether the user or the
        movie has no rating, shape (n,).
    """
    users = positions(model.users.ids, user_ids)
    movies = positions(model.movies.ids, movie_ids)
    is_cold = (model.users.rating_counts[users] == 0) | (
        model.movies.rating_counts[movies] == 0
    )
    return np.clip(ratings_at(model, users, movies), *model.scale), is_cold


def ratings_at(model: PredictorModel, users: Ids, movies: Ids) -> Floats:
    """Return μ + b_u + b_i + p_u·q_i, plus the neighbourhood's term if there is one.

    Where a user or movie has no vector there is no p·q.

    Parameters
    ----------
    users, movies
        Positions of the pairs in the ids, shape (n,); the position after the last id
        is anyone unknown.
    """
    ratings = model.global_mean + model.users.bias[users] + model.movies.bias[movies]
    for start in range(0, len(ratings), PAIRS):
        block = slice(start, start + PAIRS)
        p = model.users.factors[users[block]].astype(np.float64)
        q = model.movies.factors[movies[block]].astype(np.float64)
        ratings[block] += np.nan_to_num(np.einsum("nf,nf->n", p, q))
    if model.neighbourhood is not None:
        nearest = model.neighbourhood
        ratings += nearest.weight * neighbourhood_values(
            nearest.residuals,
            nearest.movies,
            nearest.similarity,
            users,
            movies,
            nearest.neighbours,
            nearest.ridge,
        )
    return np.asarray(ratings)


def positions(known: Ids, ids: Ids) -> Ids:
    """Return where each id stands in sorted known ids, after all of them if nowhere."""
    place = np.searchsorted(known, ids)
    if len(known):
        inside = np.minimum(place, len(known) - 1)
        place[known[inside] != ids] = len(known)
    return place
