"""Scores of movies for a block of users, from arrays alone.

One pure function serves the build, a new person and the stream: it imports no Spark.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cinespark.algorithms.ease import ease_scores
from cinespark.algorithms.fold_in import fold_in, recency
from cinespark.algorithms.preferences import Preferences
from cinespark.algorithms.ratings import Floats

RankerArrays = Mapping[str, Any]


def scores_of(arrays: RankerArrays, history: Preferences) -> Floats:
    """Return scores (users, movies), -inf where the ranker has no opinion.

    Parameters
    ----------
    arrays
        As `cinespark.train.rankers.fit_ranker` gives them.
    history
        Of a block of users, in the same catalogue.
    """
    parts = [
        (weight, SCORES[part](arrays, history))
        for part, weight in arrays["weights"].items()
        if weight
    ]
    if len(parts) == 1:
        scores = parts[0][1]
    else:
        seen = history.matrix(np.ones(len(history.users))).toarray() > 0
        scores = sum(weight * standardised(part, seen) for weight, part in parts)
    scores[:, ~arrays["is_liked"]] = -np.inf
    scores[~np.isfinite(scores)] = -np.inf
    return np.asarray(scores)


def standardised(scores: Floats, seen: NDArray[np.bool_]) -> Floats:
    """Return each user's scores with mean 0 and deviation 1 over what is not seen.

    Where all scores of a user are the same they become NaN: no opinion.
    """
    count = np.maximum((~seen).sum(axis=1, keepdims=True), 1)
    mean = np.where(seen, 0, scores).sum(axis=1, keepdims=True) / count
    spread = np.where(seen, 0, (scores - mean) ** 2).sum(axis=1, keepdims=True) / count
    deviation = np.sqrt(spread)
    deviation[deviation < 1e-12] = np.nan
    return np.asarray((scores - mean) / deviation)


def popularity_scores(arrays: RankerArrays, history: Preferences) -> Floats:
    """Return the likes of each movie, the same for all users."""
    likes = arrays["like_counts"].astype(np.float64)
    return np.tile(likes, (len(history.user_ids), 1))


def mllib_scores(arrays: RankerArrays, history: Preferences) -> Floats:
    """Return p·q with p as it was learnt, NaN for users who have none."""
    place = pd.Index(arrays["user_ids"]).get_indexer(pd.Index(history.user_ids))
    users = np.full((len(place), arrays["movie_vectors"].shape[1]), np.nan)
    users[place >= 0] = arrays["user_vectors"][place[place >= 0]]
    return np.asarray(users @ arrays["movie_vectors"].T)


def fold_in_scores(arrays: RankerArrays, history: Preferences) -> Floats:
    """Return x·q with x folded in, NaN for users who like nothing."""
    params = arrays["fold_in"]
    weight = history.grades * recency(history.newer_counts, params["half_life"])
    users = fold_in(
        history.matrix(weight),
        arrays["movie_vectors"],
        arrays["movie_gram"],
        params["background"],
        params["regularization"],
    )
    users[~users.any(axis=1)] = np.nan
    return np.asarray(users @ arrays["movie_vectors"].T)


def ease_part(arrays: RankerArrays, history: Preferences) -> Floats:
    """Return EASE's scores, 0 for movies it does not cover."""
    half_life = arrays["ease_half_life"] * history.rating_counts
    weight = np.maximum(recency(history.newer_counts, half_life), arrays["ease_floor"])
    size = len(arrays["ease_diagonal"])
    asked = history.matrix(history.grades * weight)[:, :size]
    scores = np.zeros((len(history.user_ids), len(history.catalogue)))
    scores[:, :size] = ease_scores(arrays, asked)
    return scores


def co_occurrence_scores(arrays: RankerArrays, history: Preferences) -> Floats:
    """Return how close each movie comes after the user's latest, 0 for the others."""
    half_life = np.maximum(0.1 * history.rating_counts, 1)
    weight = history.grades * recency(history.newer_counts, half_life)
    size = arrays["similarity"].shape[0]
    scores = np.zeros((len(history.user_ids), len(history.catalogue)))
    asked = history.matrix(weight)[:, :size]
    scores[:, :size] = (asked @ arrays["similarity"]).toarray()
    return scores


SCORES: Mapping[str, Callable[[RankerArrays, Preferences], Floats]] = {
    "popularity": popularity_scores,
    "mllib": mllib_scores,
    "fold_in": fold_in_scores,
    "ease": ease_part,
    "co_occurrence": co_occurrence_scores,
}
