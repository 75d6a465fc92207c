"""Models as rows of tables, and back as arrays."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyspark.sql import DataFrame, SparkSession

from cinespark.algorithms.arrays import Arrays
from cinespark.spark_tables import table_of
from cinespark.train.rankers import Blend, Parameters, movie_vectors

PREDICTOR_SCHEMA = (
    "entity string, entity_id int, bias double, rating_count int, "
    "factors array<float>, related_ids array<int>, related_values array<float>, "
    "settings map<string,double>"
)
NEIGHBOURHOOD = ("neighbours", "neighbour_ridge", "neighbour_weight")


def predictor_table(arrays: Arrays, session: SparkSession) -> DataFrame:
    """Return a predictor as rows: one a user, one a movie, and what all have in common.

    Parameters
    ----------
    arrays
        As `fit_predictor` gives them.

    Returns
    -------
    DataFrame
        PREDICTOR_SCHEMA. `entity` is 'user' or 'movie', or with id 0 'any_user' and
        'any_movie', who stand for everyone unknown, and 'global', whose `bias` is μ.
        The related of a movie are its neighbours and how similar they are, of a user
        the movies rated and what the bias model leaves over; empty in other models.
    """
    settings = dict(zip(("rating_min", "rating_max"), arrays["scale"], strict=True))
    settings |= {name: arrays[name][0] for name in NEIGHBOURHOOD if name in arrays}
    numbers = {name: float(value) for name, value in settings.items()}
    mean = float(arrays["global_mean"][0])
    rows: list[tuple[Any, ...]] = [("global", 0, mean, *[None] * 4, numbers)]
    for entity in ("user", "movie"):
        ids = arrays[f"{entity}_ids"]
        related = related_of(arrays, entity)
        factors = arrays[f"{entity}_factors"]
        has_factors = np.asarray(np.isfinite(factors).all(axis=1))
        for place, entity_id in enumerate([*ids, 0]):
            places, values = related(place)
            rows.append(
                (
                    entity if place < len(ids) else f"any_{entity}",
                    int(entity_id),
                    float(arrays[f"{entity}_bias"][place]),
                    int(arrays[f"{entity}_counts"][place]),
                    factors[place] if has_factors[place] else None,
                    arrays["movie_ids"][places],
                    values,
                    None,
                )
            )
    return table_of(session, rows, PREDICTOR_SCHEMA)


def related_of(arrays: Arrays, entity: str) -> Any:
    """Return a function from a row to the positions of related movies, and values."""
    if "neighbour_weight" not in arrays:
        nothing = np.zeros(0, np.int64), np.zeros(0, np.float32)
        return lambda place: nothing
    if entity == "movie":
        places, values = arrays["neighbour_movies"], arrays["neighbour_similarity"]
        return lambda place: (
            places[place][values[place] > 0],
            values[place][values[place] > 0],
        )
    starts = arrays["history_starts"]
    return lambda place: (
        arrays["history_movies"][starts[place] : starts[place + 1]],
        arrays["history_residuals"][starts[place] : starts[place + 1]],
    )


def arrays_of_predictor(rows: pd.DataFrame) -> dict[str, NDArray[Any]]:
    """Return a predictor's arrays from its table, as `fit_predictor` gave them.

    Parameters
    ----------
    rows
        All rows of PREDICTOR_SCHEMA, in any order.
    """
    (about,) = rows[rows["entity"] == "global"].to_dict("records")
    settings = dict(about["settings"])
    arrays: dict[str, NDArray[Any]] = {
        "scale": np.array([settings["rating_min"], settings["rating_max"]]),
        "global_mean": np.array([about["bias"]]),
    }
    of = {}
    for entity in ("user", "movie"):
        known = rows[rows["entity"] == entity].sort_values("entity_id")
        of[entity] = pd.concat([known, rows[rows["entity"] == f"any_{entity}"]])
        arrays[f"{entity}_ids"] = known["entity_id"].to_numpy(np.int64)
        arrays[f"{entity}_bias"] = of[entity]["bias"].to_numpy(np.float64)
        arrays[f"{entity}_counts"] = of[entity]["rating_count"].to_numpy(np.int32)
        arrays[f"{entity}_factors"] = matrix_of(of[entity]["factors"])
    if "neighbour_weight" in settings:
        arrays |= {name: np.array([settings[name]]) for name in NEIGHBOURHOOD}
        arrays["neighbours"] = arrays["neighbours"].astype(np.int64)
        arrays |= neighbourhood_of(of["user"], of["movie"], arrays["movie_ids"])
    return arrays


def matrix_of(factors: "pd.Series[Any]") -> NDArray[np.float32]:
    """Return one row a vector, NaN where there is none."""
    there = factors.notna().to_numpy()
    width = len(factors[there].iloc[0]) if there.any() else 0
    matrix = np.full((len(factors), width), np.nan, np.float32)
    if width:
        matrix[there] = np.stack(factors[there].to_list())
    return matrix


def neighbourhood_of(
    users: pd.DataFrame, movies: pd.DataFrame, movie_ids: NDArray[Any]
) -> dict[str, NDArray[Any]]:
    """Return neighbours, similarities and histories from users' and movies' rows."""
    lengths = movies["related_ids"].map(len).to_numpy()
    place = np.arange(lengths.max(initial=1)) < lengths[:, None]
    neighbours = np.zeros(place.shape, np.int32)
    similarity = np.zeros(place.shape, np.float32)
    ids = np.concatenate(movies["related_ids"].to_list())
    neighbours[place] = np.searchsorted(movie_ids, ids)
    similarity[place] = np.concatenate(movies["related_values"].to_list())
    rated = np.concatenate(users["related_ids"].to_list())
    counts = users["related_ids"].map(len).to_numpy()
    return {
        "neighbour_movies": neighbours,
        "neighbour_similarity": similarity,
        "history_starts": np.append(0, np.cumsum(counts)).astype(np.int32),
        "history_movies": np.searchsorted(movie_ids, rated).astype(np.int32),
        "history_residuals": np.concatenate(users["related_values"].to_list()).astype(
            np.float32
        ),
    }


def fold_in_arrays(
    factors: pd.DataFrame, blend: Blend, parameters: Parameters
) -> dict[str, NDArray[Any]]:
    """Return what folding in anyone's history needs.

    Parameters
    ----------
    factors
        Rows of `item_factors` of one side.

    Returns
    -------
    dict
        `movie_ids` (n,) in rising order, `movie_factors` (n, factors), and one number
        each: `half_life` in newer ratings, `background`, `regularization`.
    """
    is_movie = factors["entity"] == "movie"
    movie_ids = np.sort(factors.loc[is_movie, "entity_id"].to_numpy(np.int64))
    params: Mapping[str, float] = parameters["fold_in"]
    return {
        "movie_ids": movie_ids,
        "movie_factors": movie_vectors(factors, movie_ids).astype(np.float32),
        "half_life": np.array([blend.fold_in_half_life]),
        "background": np.array([params["background"]]),
        "regularization": np.array([params["regularization"]]),
    }
