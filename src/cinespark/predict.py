"""Predicted stars from arrays alone: the same function for tables, files and pyfunc."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd
    from pyspark.sql import DataFrame

Arrays = Mapping[str, NDArray[Any]]
Ids = NDArray[np.int64]
Floats = NDArray[np.float64]


def predictor_arrays(
    terms: "pd.DataFrame",
    factors: "pd.DataFrame",
    rating_min: float,
    rating_max: float,
) -> dict[str, NDArray[Any]]:
    """Return all that predictions need, as arrays.

    Parameters
    ----------
    terms
        Rows of a bias model, BIAS_SCHEMA.
    factors
        Rows of an explicit ALS model, FACTORS_SCHEMA; without rows the predictions are
        the bias model's.
    rating_min, rating_max
        The scale, in stars; predictions are clipped to it.

    Returns
    -------
    dict
        `scale` (2,), `global_mean` (1,), and for `user` and `movie`: `_ids` (n,) in
        rising order, `_bias` (n,) and `_factors` (n, rank), NaN where ALS has none.
    """
    mean = terms.loc[terms["entity"] == "global", "bias"]
    arrays: dict[str, NDArray[Any]] = {
        "scale": np.array([rating_min, rating_max], np.float64),
        "global_mean": np.array([mean.iloc[0] if len(mean) else np.nan]),
    }
    for entity in ("user", "movie"):
        biases = terms[terms["entity"] == entity].set_index("entity_id")["bias"]
        vectors = factors[factors["entity"] == entity].set_index("entity_id")["factors"]
        ids = np.union1d(biases.index, vectors.index).astype(np.int64)
        arrays[f"{entity}_ids"] = ids
        arrays[f"{entity}_bias"] = biases.reindex(ids).fillna(0).to_numpy(np.float64)
        arrays[f"{entity}_factors"] = rows_of(vectors, ids)
    return arrays


def ranker_arrays(factors: "pd.DataFrame") -> dict[str, NDArray[Any]]:
    """Return a model's `user_ids`, `user_factors`, `movie_ids`, `movie_factors`."""
    arrays: dict[str, NDArray[Any]] = {}
    for entity in ("user", "movie"):
        vectors = factors[factors["entity"] == entity].set_index("entity_id")["factors"]
        ids = np.sort(vectors.index.to_numpy(np.int64))
        arrays[f"{entity}_ids"] = ids
        arrays[f"{entity}_factors"] = rows_of(vectors, ids)
    return arrays


def rows_of(vectors: "pd.Series[Any]", ids: Ids) -> NDArray[np.float32]:
    """Return vectors in order of the ids, shape (n, rank), NaN where there is none."""
    rank = len(vectors.iloc[0]) if len(vectors) else 0
    matrix = np.full((len(ids), rank), np.nan, np.float32)
    if len(vectors):
        matrix[np.searchsorted(ids, vectors.index)] = np.array(
            vectors.to_list(), np.float32
        )
    return matrix


def predict_ratings(
    arrays: Arrays, user_ids: Ids, movie_ids: Ids
) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the predicted stars of pairs, and which of them are cold.

    The dot product of the user's and the movie's vector, or where one has none the bias
    model's μ + b_u + b_i with 0 for what is unknown; clipped to the scale.

    Parameters
    ----------
    arrays
        As `predictor_arrays` gives them.
    user_ids, movie_ids
        Shape (n,), known or not.

    Returns
    -------
    tuple
        Stars, shape (n,); whether the user or the movie is unknown, shape (n,).
    """
    user, is_known_user = positions(arrays["user_ids"], user_ids)
    movie, is_known_movie = positions(arrays["movie_ids"], movie_ids)
    stars = np.full(len(user_ids), float(arrays["global_mean"][0]))
    stars[is_known_user] += arrays["user_bias"][user[is_known_user]]
    stars[is_known_movie] += arrays["movie_bias"][movie[is_known_movie]]
    is_cold = ~(is_known_user & is_known_movie)
    if arrays["user_factors"].shape[1] and arrays["movie_factors"].shape[1]:
        warm = np.flatnonzero(~is_cold)
        dot = np.einsum(
            "nf,nf->n",
            arrays["user_factors"][user[warm]].astype(np.float64),
            arrays["movie_factors"][movie[warm]].astype(np.float64),
        )
        stars[warm] = np.where(np.isnan(dot), stars[warm], dot)
    low, high = arrays["scale"].astype(np.float64)
    return np.clip(stars, low, high), is_cold


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


def positions(known: NDArray[Any], ids: Ids) -> tuple[Ids, NDArray[np.bool_]]:
    """Return where each id stands in sorted known ids, and whether it is there."""
    place = np.searchsorted(known, ids)
    place[place == len(known)] = 0
    is_known = known[place] == ids if len(known) else np.zeros(len(ids), bool)
    return place, is_known


def arrays_sha256(*groups: Arrays) -> str:
    """Return one sum over the arrays' names, types, shapes and values."""
    digest = hashlib.sha256()
    for arrays in groups:
        for name in sorted(arrays):
            array = np.ascontiguousarray(arrays[name])
            digest.update(f"{name} {array.dtype.str} {array.shape}".encode())
            digest.update(array.data)
    return digest.hexdigest()
