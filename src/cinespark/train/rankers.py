"""The rankers: each is declared here once, and fitted by its name."""

from dataclasses import fields
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyspark.sql import functions as F

from cinespark.algorithms.preferences import Preferences
from cinespark.algorithms.ranker_model import (
    FoldedIn,
    LearntUsers,
    Part,
    Popularity,
    RankerModel,
)
from cinespark.algorithms.ratings import Floats, Ids
from cinespark.algorithms.transitions import TransitionParams
from cinespark.train.als import AlsParams
from cinespark.train.collect import learnt_factors
from cinespark.train.content import fit_content
from cinespark.train.declarations import (
    Blend,
    Knob,
    Ranker,
    RankerInput,
    Transition,
    declared,
)
from cinespark.train.item_item import asked_ease, rated_after, what_comes_next

ITEM_ITEM_NOTE = "item-item parts cover the {ease[movies]} most popular movies"


def chosen_blend(tried: pd.DataFrame) -> Blend:
    """Return the settings that validation chose; rows of `blend_validation`."""
    (row,) = tried[tried["is_chosen"]].to_dict("records")
    transitions = tuple(Transition(**one) for one in row["transitions"])
    numbers: dict[str, Any] = {
        field.name: float(row[field.name]) for field in fields(Blend)[:-1]
    }
    return Blend(**numbers, transitions=transitions)


def fit_popularity(given: RankerInput) -> RankerModel:
    """Return a ranker by likes."""
    likes = given.preferences.like_counts
    return alone(given, Popularity(likes), is_liked=likes > 0)


def fit_classic_als(given: RankerInput) -> RankerModel:
    """Return a ranker by the ratings that explicit ALS predicts."""
    params = AlsParams(**given.parameters["classic_als"])
    return learnt_users(given, params, "classic_als")


def fit_implicit_als(given: RankerInput) -> RankerModel:
    """Return a ranker by implicit ALS on likes, each counting the same."""
    settings = dict(given.parameters["implicit_als"])
    threshold = settings.pop("like_threshold")
    params = AlsParams(**settings, implicit=True)
    return learnt_users(given, params, "implicit_als", threshold)


def learnt_users(
    given: RankerInput,
    params: AlsParams,
    group: str,
    like_threshold: float | None = None,
) -> RankerModel:
    """Return a ranker by p·q with both vectors as MLlib learns them.

    Parameters
    ----------
    group
        Of the parameters.
    like_threshold
        Where given, ratings below are left out and the others count 1.
    """
    preferences = given.preferences
    session = given.rows.sparkSession
    known = pd.DataFrame({"movie_id": preferences.catalogue.astype(np.int32)})
    catalogue = session.createDataFrame(known, "movie_id int")
    table = given.rows.select("user_id", "movie_id", "rating").join(
        F.broadcast(catalogue), "movie_id"
    )
    if like_threshold is not None:
        table = table.where(F.col("rating") >= like_threshold)
        table = table.withColumn("rating", F.lit(1.0))
    factors = learnt_factors(table, params, group)
    users = factors[factors["entity"] == "user"].sort_values("entity_id")
    vectors = movie_vectors(factors, preferences.catalogue)
    part = LearntUsers(
        users["entity_id"].to_numpy(np.int64),
        np.array(users["factors"].to_list(), np.float64).reshape(-1, vectors.shape[1]),
        np.nan_to_num(vectors),
    )
    return alone(given, part, np.asarray(np.isfinite(vectors).all(axis=1)))


def fit_folded_in_als(given: RankerInput) -> RankerModel:
    """Return a ranker by the user's folded-in vector times the movie's vector."""
    return alone(given, folded_in(given), liked_by_anyone(given.preferences))


def fit_ease_alone(given: RankerInput) -> RankerModel:
    """Return a ranker by EASE, asked with the user's recency-weighted preferences."""
    ease = asked_ease(given)
    liked = liked_by_anyone(given.preferences)
    liked[len(ease.ease.diagonal) :] = False
    return alone(given, ease, liked)


def fit_blend(given: RankerInput) -> RankerModel:
    """Return the weighted sum of folded-in ALS, EASE, co-occurrence and transitions.

    Movies beyond those that the item-item parts cover get 0 there: folded-in ALS alone
    ranks them.
    """
    blend = given.blend
    parts: list[tuple[float, Part]] = []
    if blend.fold_in_weight:
        parts.append((blend.fold_in_weight, folded_in(given)))
    if blend.ease_weight:
        parts.append((blend.ease_weight, asked_ease(given)))
    if blend.co_occurrence_weight:
        parts.append((blend.co_occurrence_weight, rated_after(given)))
    for one in blend.transitions:
        params = TransitionParams(one.past, one.future, one.ridge)
        parts.append((one.weight, what_comes_next(given, params)))
    return RankerModel(
        given.preferences.catalogue, liked_by_anyone(given.preferences), tuple(parts)
    )


def alone(given: RankerInput, part: Part, is_liked: NDArray[np.bool_]) -> RankerModel:
    """Return a ranker of one part."""
    return RankerModel(given.preferences.catalogue, is_liked, ((1.0, part),))


def folded_in(given: RankerInput) -> FoldedIn:
    """Return the part that folds users in against MLlib's vectors of the movies."""
    vectors = np.nan_to_num(movie_vectors(given.factors, given.preferences.catalogue))
    return FoldedIn(
        vectors,
        vectors.T @ vectors,
        given.blend.fold_in_half_life,
        **given.parameters["fold_in"],
    )


def liked_by_anyone(preferences: Preferences) -> NDArray[np.bool_]:
    """Return which movies of the catalogue anyone likes at all."""
    total = np.bincount(
        preferences.movies,
        np.maximum(preferences.values, 0),
        len(preferences.catalogue),
    )
    return np.asarray(total > 0)


def movie_vectors(factors: pd.DataFrame, catalogue: Ids) -> Floats:
    """Return the vectors of the catalogue's movies, NaN where there is none."""
    rows = factors[factors["entity"] == "movie"].set_index("entity_id")["factors"]
    width = len(rows.iloc[0]) if len(rows) else 1
    matrix = np.full((len(catalogue), width), np.nan)
    place = pd.Index(catalogue).get_indexer(rows.index)
    if len(rows):
        matrix[place[place >= 0]] = np.array(rows[place >= 0].to_list())
    return matrix


RANKERS: dict[str, Ranker] = {
    one.name: one
    for one in (
        Ranker(
            "popularity",
            "likes, the same for every user",
            is_baseline=True,
            fit=fit_popularity,
        ),
        Ranker(
            "classic_als",
            "predicted ratings of explicit ALS, to show why not",
            parameters=("classic_als",),
            fit=fit_classic_als,
        ),
        Ranker(
            "implicit_als",
            "MLlib's implicit ALS on likes, as it comes",
            parameters=("implicit_als",),
            fit=fit_implicit_als,
        ),
        Ranker(
            "folded_in_als",
            "the user's folded-in vector times MLlib's vectors of movies, learnt from "
            "preferences",
            parameters=("learning", "item_factors", "fold_in"),
            needs_factors=True,
            uses_blend=True,
            fit=fit_folded_in_als,
        ),
        Ranker(
            "ease",
            "a linear model from movies to movies (Steck 2019), asked with recent "
            "ratings",
            parameters=("learning", "ease"),
            uses_blend=True,
            note=ITEM_ITEM_NOTE,
            fit=fit_ease_alone,
        ),
        Ranker(
            "content",
            "what is said of a movie and of those the user likes (title, genres, tags, "
            "year); what goes with what is learnt by ridge regression",
            parameters=("learning", "content", "liked_content"),
            needs_content=True,
            note="ranks movies that nobody has rated, too",
            fit=fit_content,
        ),
        Ranker(
            "blend",
            "the weighted sum of folded-in ALS, EASE, what is rated soon after what, "
            "and what comes next, each standardised per user",
            parameters=(
                "learning",
                "item_factors",
                "fold_in",
                "ease",
                "co_occurrence",
                "transitions",
            ),
            knobs=(
                Knob("item_factors_rank", "item_factors", "rank", 16, 64),
                Knob("item_factors_reg_param", "item_factors", "reg_param", 0.01, 0.5),
                Knob("item_factors_alpha", "item_factors", "alpha", 0.5, 20.0),
                Knob("fold_in_background", "fold_in", "background", 0.01, 1.0),
                Knob("fold_in_regularization", "fold_in", "regularization", 0.01, 1.0),
                Knob(
                    "co_occurrence_half_life", "co_occurrence", "half_life", 2.0, 30.0
                ),
                Knob(
                    "co_occurrence_shrinkage", "co_occurrence", "shrinkage", 1.0, 100.0
                ),
            ),
            needs_factors=True,
            uses_blend=True,
            note=ITEM_ITEM_NOTE,
            fit=fit_blend,
        ),
    )
}


def fit_ranker(name: str, given: RankerInput) -> RankerModel:
    """Return the ranker of this name, fitted.

    Raises
    ------
    CineSparkError
        If there is no such ranker, or the memory will not do.
    """
    return declared(RANKERS, name, "ranker").fit(given)
