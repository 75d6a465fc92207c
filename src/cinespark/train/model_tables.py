"""Fitted models as rows of tables, and back."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyspark.sql import DataFrame, SparkSession
from scipy import sparse

from cinespark.algorithms.arrays import Array
from cinespark.algorithms.predictor_model import Neighbourhood, PredictorModel, Terms
from cinespark.algorithms.ratings import Ids
from cinespark.spark_tables import table_of
from cinespark.train.rankers import movie_vectors

PREDICTOR_SCHEMA = (
    "entity string, entity_id int, bias double, rating_count int, "
    "factors array<float>, related_ids array<int>, related_values array<float>, "
    "settings map<string,double>, training_sha256 string"
)
# by their names in the table
NEIGHBOURHOOD = {
    "neighbours": "neighbours",
    "neighbour_ridge": "ridge",
    "neighbour_weight": "weight",
}


def predictor_table(
    model: PredictorModel, session: SparkSession, training_sha256: str | None = None
) -> DataFrame:
    """Return a predictor as rows: one per user, one per movie, one for all together.

    Parameters
    ----------
    training_sha256
        What `predictor_training_sha256` gives of its training.

    Returns
    -------
    DataFrame
        PREDICTOR_SCHEMA. `entity` is 'user' or 'movie', or with id 0 'any_user' and
        'any_movie', who stand for everyone unknown, and 'global', whose `bias` is μ.
        The related of a movie are its neighbours and how similar they are, of a user
        the movies rated and what the bias model leaves over; empty in other models.
    """
    settings = dict(zip(("rating_min", "rating_max"), model.scale, strict=True))
    if model.neighbourhood is not None:
        for name, field in NEIGHBOURHOOD.items():
            settings[name] = float(getattr(model.neighbourhood, field))
    nothing = [None] * 4
    rows: list[tuple[object, ...]] = [
        ("global", 0, float(model.global_mean), *nothing, settings, training_sha256)
    ]
    for entity, terms in (("user", model.users), ("movie", model.movies)):
        has_factors = np.asarray(np.isfinite(terms.factors).all(axis=1))
        for place, entity_id in enumerate([*terms.ids, 0]):
            movies, values = related(model.neighbourhood, entity, place)
            rows.append(
                (
                    entity if place < len(terms.ids) else f"any_{entity}",
                    int(entity_id),
                    float(terms.bias[place]),
                    int(terms.rating_counts[place]),
                    terms.factors[place] if has_factors[place] else None,
                    model.movies.ids[movies],
                    values,
                    None,
                    None,
                )
            )
    return table_of(session, rows, PREDICTOR_SCHEMA)


def related(
    nearest: Neighbourhood | None, entity: str, place: int
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Return the positions of a user's or movie's related movies, and their values."""
    if nearest is None:
        return np.zeros(0, np.int32), np.zeros(0, np.float32)
    if entity == "movie":
        is_there = nearest.similarity[place] > 0
        return nearest.movies[place][is_there], nearest.similarity[place][is_there]
    row = slice(nearest.residuals.indptr[place], nearest.residuals.indptr[place + 1])
    return nearest.residuals.indices[row], nearest.residuals.data[row]


def predictor_of(rows: pd.DataFrame) -> PredictorModel:
    """Return the predictor that `predictor_table` gave these rows for.

    Parameters
    ----------
    rows
        All rows of PREDICTOR_SCHEMA, in any order.
    """
    (about,) = rows[rows["entity"] == "global"].to_dict("records")
    settings = dict(about["settings"])
    users, movies = (ordered(rows, entity) for entity in ("user", "movie"))
    terms = [
        Terms(
            one["entity_id"].to_numpy(np.int64)[:-1],
            one["bias"].to_numpy(np.float64),
            one["rating_count"].to_numpy(np.int32),
            matrix_of(one["factors"]),
        )
        for one in (users, movies)
    ]
    nearest = None
    if "neighbour_weight" in settings:
        nearest = neighbourhood_of(users, movies, terms[1].ids, settings)
    scale = settings["rating_min"], settings["rating_max"]
    return PredictorModel(scale, about["bias"], terms[0], terms[1], nearest)


def ordered(rows: pd.DataFrame, entity: str) -> pd.DataFrame:
    """Return the rows of users or movies in order of their ids, then anyone's."""
    known = rows[rows["entity"] == entity].sort_values("entity_id")
    return pd.concat([known, rows[rows["entity"] == f"any_{entity}"]])


def matrix_of(factors: "pd.Series") -> NDArray[np.float32]:
    """Return one row per vector, NaN where there is none."""
    there = factors.notna().to_numpy()
    width = len(factors[there].iloc[0]) if there.any() else 0
    matrix = np.full((len(factors), width), np.nan, np.float32)
    if width:
        matrix[there] = np.stack(factors[there].to_list())
    return matrix


def neighbourhood_of(
    users: pd.DataFrame,
    movies: pd.DataFrame,
    movie_ids: Ids,
    settings: Mapping[str, float],
) -> Neighbourhood:
    """Return neighbours, similarities and residuals from users' and movies' rows."""
    lengths = movies["related_ids"].map(len).to_numpy()
    place = np.arange(lengths.max(initial=1)) < lengths[:, None]
    neighbours = np.zeros(place.shape, np.int32)
    similarity = np.zeros(place.shape, np.float32)
    ids = np.concatenate(movies["related_ids"].to_list())
    neighbours[place] = np.searchsorted(movie_ids, ids)
    similarity[place] = np.concatenate(movies["related_values"].to_list())
    rated = np.searchsorted(movie_ids, np.concatenate(users["related_ids"].to_list()))
    counts = users["related_ids"].map(len).to_numpy()
    residuals = np.concatenate(users["related_values"].to_list()).astype(np.float32)
    starts = np.append(0, np.cumsum(counts)).astype(np.int32)
    return Neighbourhood(
        neighbours,
        similarity,
        sparse.csr_array(
            (residuals, rated.astype(np.int32), starts), (len(users), len(movies))
        ),
        int(settings["neighbours"]),
        settings["neighbour_ridge"],
        settings["neighbour_weight"],
    )


def movie_arrays(factors: pd.DataFrame) -> dict[str, Array]:
    """Return `movie_ids` (n,) in rising order, and `movie_factors` (n, factors)."""
    is_movie = factors["entity"] == "movie"
    movie_ids = np.sort(factors.loc[is_movie, "entity_id"].to_numpy(np.int64))
    return {
        "movie_ids": movie_ids,
        "movie_factors": movie_vectors(factors, movie_ids).astype(np.float32),
    }
