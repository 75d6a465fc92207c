"""The rankers of movies: each learns from preferences and scores a block of users."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from cinespark.algorithms.co_occurrence import CoOccurrenceParams, co_occurrence
from cinespark.algorithms.ease import fit_ease
from cinespark.algorithms.preferences import Preferences
from cinespark.algorithms.ratings import Floats
from cinespark.errors import CineSparkError
from cinespark.train.als import AlsParams, train_factors
from cinespark.train.memory import require_memory

Parameters = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Blend:
    """How the parts of the published ranker are set and weighed.

    Parameters
    ----------
    fold_in_half_life
        Newer ratings at which a rating counts half in a user's vector.
    ease_half_life
        The same for EASE, as a share of the user's ratings.
    ease_ridge
        λ of EASE.
    fold_in_weight, ease_weight, co_occurrence_weight
        Of the parts' scores, each standardised per user.
    """

    fold_in_half_life: float
    ease_half_life: float
    ease_ridge: float
    fold_in_weight: float
    ease_weight: float
    co_occurrence_weight: float


def chosen_blend(tried: pd.DataFrame) -> Blend:
    """Return the settings that validation chose; rows of `blend_validation`."""
    (row,) = tried[tried["is_chosen"]].to_dict("records")
    return Blend(**{field.name: float(row[field.name]) for field in fields(Blend)})


def fit_ranker(
    name: str,
    preferences: Preferences,
    factors: pd.DataFrame,
    blend: Blend,
    parameters: Parameters,
    session: SparkSession,
) -> dict[str, Any]:
    """Return all that a ranker's scores need.

    Parameters
    ----------
    name
        One of RANKERS.
    preferences
        What to learn from.
    factors
        Rows of MLlib's model of these preferences: `entity`, `entity_id`, `factors`.
    blend
        Settings that validation chose.
    parameters
        Of each part, by its name.

    Raises
    ------
    CineSparkError
        If there is no such ranker.
    """
    if name not in RANKERS:
        raise CineSparkError(
            f"there is no ranker {name}: the var `ranker` takes one of "
            f"{', '.join(RANKERS)}"
        )
    arrays = RANKERS[name](preferences, factors, blend, parameters, session)
    return {"catalogue": preferences.catalogue} | arrays


def fit_popularity(preferences: Preferences, *_: Any) -> dict[str, Any]:
    """Score by likes."""
    return {
        "weights": {"popularity": 1.0},
        "is_liked": preferences.like_counts > 0,
        "like_counts": preferences.like_counts,
    }


def fit_als(name: str, is_implicit: bool) -> Callable[..., dict[str, Any]]:
    """Return a ranker by MLlib's own users' vectors: explicit, or implicit on likes."""

    def fit(
        preferences: Preferences,
        factors: pd.DataFrame,
        blend: Blend,
        parameters: Parameters,
        session: SparkSession,
    ) -> dict[str, Any]:
        table = session.createDataFrame(
            pd.DataFrame(
                {
                    "user_id": preferences.user_ids[preferences.users],
                    "movie_id": preferences.catalogue[preferences.movies],
                    "rating": preferences.stars,
                }
            ).astype({"user_id": "int32", "movie_id": "int32"})
        )
        params = dict(parameters[name])
        if is_implicit:
            table = table.where(F.col("rating") >= params.pop("like_threshold"))
            table = table.withColumn("rating", F.lit(1.0))
        trained = train_factors(table, AlsParams(**params, implicit=is_implicit))
        return fit_users_of_mllib(preferences, trained.toPandas())

    return fit


def fit_users_of_mllib(
    preferences: Preferences, factors: pd.DataFrame
) -> dict[str, Any]:
    """Return a ranker by p·q with both vectors as MLlib learnt them."""
    users = factors[factors["entity"] == "user"].sort_values("entity_id")
    vectors = movie_vectors(factors, preferences.catalogue)
    return {
        "weights": {"mllib": 1.0},
        "is_liked": np.isfinite(vectors).all(axis=1),
        "movie_vectors": np.nan_to_num(vectors),
        "user_ids": users["entity_id"].to_numpy(np.int64),
        "user_vectors": np.array(users["factors"].to_list(), np.float64),
    }


def fit_folded_in_als(
    preferences: Preferences,
    factors: pd.DataFrame,
    blend: Blend,
    parameters: Parameters,
    session: SparkSession | None = None,
) -> dict[str, Any]:
    """Score by a user's folded-in vector times MLlib's vector of the movie."""
    vectors = np.nan_to_num(movie_vectors(factors, preferences.catalogue))
    return {
        "weights": {"fold_in": 1.0},
        "is_liked": is_liked(preferences),
        "movie_vectors": vectors,
        "movie_gram": vectors.T @ vectors,
        "fold_in": dict(parameters["fold_in"]) | {"half_life": blend.fold_in_half_life},
    }


def fit_ease_alone(
    preferences: Preferences,
    factors: pd.DataFrame,
    blend: Blend,
    parameters: Parameters,
    session: SparkSession | None = None,
) -> dict[str, Any]:
    """Score by EASE on grades, asked with the user's recency-weighted grades."""
    size = min(parameters["ease"]["movies"], len(preferences.catalogue))
    likes = preferences.matrix(preferences.grades)[:, :size]
    liked = is_liked(preferences)
    liked[size:] = False
    few = min(size, len(preferences.user_ids))
    require_memory(
        # the matrix that is inverted and its copies, or both parts of its inverse
        4 * 4 * few * size + 60 * len(preferences.stars),
        f"ease of {size:,} movies",
        f"set the var `item_item_movies` below {size}",
    )
    return fit_ease(likes, blend.ease_ridge) | {
        "weights": {"ease": 1.0},
        "is_liked": liked,
        "ease_half_life": blend.ease_half_life,
        "ease_floor": parameters["ease"]["floor"],
    }


def fit_blend(
    preferences: Preferences,
    factors: pd.DataFrame,
    blend: Blend,
    parameters: Parameters,
    session: SparkSession | None = None,
) -> dict[str, Any]:
    """Score by the weighted sum of folded-in ALS, EASE and what is rated after what.

    Movies beyond those that have item-item parts get 0 there, and live by ALS.
    """
    arrays: dict[str, Any] = {}
    if blend.ease_weight:
        arrays |= fit_ease_alone(preferences, factors, blend, parameters, session)
    if blend.co_occurrence_weight:
        params = CoOccurrenceParams(**parameters["co_occurrence"])
        size = min(params.movies, len(preferences.catalogue))
        pairs = min(size**2, 14 * params.half_life * len(preferences.stars))
        require_memory(
            4 * 16 * pairs,  # the sum, its transpose, and the result
            f"co_occurrence of {size:,} movies",
            f"set the var `item_item_movies` below {size}",
        )
        arrays["similarity"] = co_occurrence(preferences, params)
    arrays |= fit_folded_in_als(preferences, factors, blend, parameters, session)
    weights = {
        "fold_in": blend.fold_in_weight,
        "ease": blend.ease_weight,
        "co_occurrence": blend.co_occurrence_weight,
    }
    return arrays | {"weights": weights, "is_liked": is_liked(preferences)}


def is_liked(preferences: Preferences) -> NDArray[np.bool_]:
    """Return which movies anyone likes at all."""
    total = np.bincount(
        preferences.movies, preferences.grades, len(preferences.catalogue)
    )
    return np.asarray(total > 0)


def movie_vectors(factors: pd.DataFrame, catalogue: NDArray[Any]) -> Floats:
    """Return the vectors of the catalogue's movies, NaN where there is none."""
    rows = factors[factors["entity"] == "movie"].set_index("entity_id")["factors"]
    width = len(rows.iloc[0]) if len(rows) else 0
    matrix = np.full((len(catalogue), width), np.nan)
    place = pd.Index(catalogue).get_indexer(rows.index)
    if width:
        matrix[place[place >= 0]] = np.array(rows[place >= 0].to_list())
    return matrix


RANKERS: Mapping[str, Callable[..., dict[str, Any]]] = {
    "popularity": fit_popularity,
    "classic_als": fit_als("classic_als", is_implicit=False),
    "implicit_als": fit_als("implicit_als", is_implicit=True),
    "folded_in_als": fit_folded_in_als,
    "ease": fit_ease_alone,
    "blend": fit_blend,
}
