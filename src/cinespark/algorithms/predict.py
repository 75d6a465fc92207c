"""Predicted stars from arrays alone: the same function for tables, files and pyfunc."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from cinespark.algorithms.arrays import Arrays
from cinespark.algorithms.neighbourhood import neighbourhood_values

if TYPE_CHECKING:
    import pandas as pd
    from pyspark.sql import DataFrame

Ids = NDArray[np.int64]
Floats = NDArray[np.float64]
PAIRS = 100_000  # whose vectors are gathered at a time


def predict_ratings(
    arrays: Arrays, user_ids: Ids, movie_ids: Ids
) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the predicted stars of pairs, and which of them are cold.

    Parameters
    ----------
    arrays
        As `cinespark.train.predictors.fit_predictor` gives them.
    user_ids, movie_ids
        Shape (n,), known or not.

    Returns
    -------
    tuple
        Stars, clipped to the scale, shape (n,); whether the user or the movie has no
        rating, shape (n,).
    """
    users = positions(arrays["user_ids"], user_ids)
    movies = positions(arrays["movie_ids"], movie_ids)
    low, high = arrays["scale"]
    is_cold = (arrays["user_counts"][users] == 0) | (
        arrays["movie_counts"][movies] == 0
    )
    return np.clip(stars_at(arrays, users, movies), low, high), is_cold


def stars_at(arrays: Arrays, users: Ids, movies: Ids) -> Floats:
    """Return μ + b_u + b_i + p_u·q_i, plus the neighbourhood's term if there is one.

    Where a user or movie has no vector there is no p·q.

    Parameters
    ----------
    users, movies
        Positions of the pairs in the ids, shape (n,); after all of them is unknown.
    """
    stars = (
        arrays["global_mean"]
        + arrays["user_bias"][users]
        + arrays["movie_bias"][movies]
    )
    for start in range(0, len(stars), PAIRS):
        block = slice(start, start + PAIRS)
        p = arrays["user_factors"][users[block]].astype(np.float64)
        q = arrays["movie_factors"][movies[block]].astype(np.float64)
        stars[block] += np.nan_to_num(np.einsum("nf,nf->n", p, q))
    if "neighbour_weight" in arrays:
        parts = ("residuals", "movies", "starts")
        shape = (len(arrays["user_bias"]), len(arrays["movie_bias"]))
        stars += arrays["neighbour_weight"] * neighbourhood_values(
            sparse.csr_array(tuple(arrays[f"history_{part}"] for part in parts), shape),
            arrays["neighbour_movies"],
            arrays["neighbour_similarity"],
            users,
            movies,
            int(arrays["neighbours"][0]),
            float(arrays["neighbour_ridge"][0]),
        )
    return np.asarray(stars)


def with_predictions(pairs: "DataFrame", arrays: Arrays) -> "DataFrame":
    """Return rows of `user_id` and `movie_id` with `predicted_rating` and `is_cold`."""

    def predict(batches: Iterable["pd.DataFrame"]) -> Iterator["pd.DataFrame"]:
        for batch in batches:
            stars, is_cold = predict_ratings(
                arrays, batch["user_id"].to_numpy(), batch["movie_id"].to_numpy()
            )
            yield batch.assign(predicted_rating=stars, is_cold=is_cold)

    fields = [f"{field.name} {field.dataType.simpleString()}" for field in pairs.schema]
    schema = ", ".join([*fields, "predicted_rating double", "is_cold boolean"])
    return pairs.mapInPandas(predict, schema)


def positions(known: NDArray[Any], ids: Ids) -> Ids:
    """Return where each id stands in sorted known ids, after all of them if nowhere."""
    place = np.searchsorted(known, ids)
    if len(known):
        inside = np.minimum(place, len(known) - 1)
        place[known[inside] != ids] = len(known)
    return place
