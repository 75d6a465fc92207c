"""What is popular with people like a user: of the same gender, age and occupation."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cinespark.algorithms.preferences import Preferences
from cinespark.algorithms.ratings import Floats, Ids

ATTRIBUTES = ("gender", "age_band", "occupation")


@dataclass(frozen=True)
class SegmentPopularity:
    """log p and what each segment of the user adds to it; a part of a ranker.

    Parameters
    ----------
    user_ids
        Of whom something is known, in rising order.
    segments
        Rows of `gains`, one per attribute, shape (users, attributes).
    log_shares
        log p of each movie of the catalogue, -inf where nobody likes it.
    gains
        Shape (segments + 1, movies); the last row stands for what is not known, and
        adds 0.
    """

    user_ids: Ids
    segments: Ids
    log_shares: Floats
    gains: Floats

    def scores(self, history: Preferences) -> Floats:
        """Return scores (users, movies), NaN for users of whom nothing is known."""
        place = pd.Index(self.user_ids).get_indexer(pd.Index(history.user_ids))
        scores = np.full((len(place), len(self.log_shares)), np.nan)
        known = place >= 0
        scores[known] = self.log_shares
        for segment in self.segments[place[known]].T:
            scores[known] += self.gains[segment]
        return scores


def fill_by_segment(
    scores: Floats, history: Preferences, by_segment: SegmentPopularity | None
) -> NDArray[np.bool_]:
    """Put scores by segment where a ranker has no opinion of a user; return of whom.

    Parameters
    ----------
    scores
        Of the ranker, shape (users, movies), -inf where it has no opinion.
    """
    is_new = np.zeros(len(scores), bool)
    if by_segment is not None:
        is_new[:] = ~np.isfinite(scores).any(axis=1)
        of_new = by_segment.scores(history.of_users(np.flatnonzero(is_new)))
        scores[is_new] = np.where(np.isnan(of_new), -np.inf, of_new)
    return is_new


def segment_likes(likes: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Return `attribute`, `value`, `movie_id` and how many `likes` it has from them.

    Parameters
    ----------
    likes
        `user_id` and `movie_id`, one row per like.
    people
        `user_id` and ATTRIBUTES, null where unknown.
    """
    rows = likes[["user_id", "movie_id"]].merge(people, on="user_id")
    parts = [
        rows.groupby([attribute, "movie_id"])
        .size()
        .rename("likes")
        .rename_axis(["value", "movie_id"])
        .reset_index()
        .assign(attribute=attribute)
        for attribute in ATTRIBUTES
    ]
    return pd.concat(parts, ignore_index=True)


def segment_popularity(
    counts: pd.DataFrame,
    people: pd.DataFrame,
    catalogue: Ids,
    like_counts: Ids,
    shrinkage: float,
) -> SegmentPopularity:
    """Return log p_i + Σ_a log((n_iv + s) / (p_i L_v + s)) for each user and movie.

    The naive Bayes estimate of how likely a like of the user is one of movie i, where
    p_i is the movie's share of all likes, v what attribute a of the user is, n_iv the
    likes of i by users with v and L_v their likes in all. The shrinkage s, in likes,
    pulls segments of few likes to the whole.

    Parameters
    ----------
    counts
        As `segment_likes` gives them, of everyone who is learnt from.
    people
        Who is asked for: `user_id` and ATTRIBUTES, null where unknown.
    catalogue, like_counts
        Ids of the movies, and the likes of each.
    shrinkage
        s, above 0.
    """
    shares = like_counts / max(1, like_counts.sum())
    keys = pd.MultiIndex.from_frame(counts[["attribute", "value"]].drop_duplicates())
    row = keys.get_indexer(pd.MultiIndex.from_frame(counts[["attribute", "value"]]))
    column = pd.Index(catalogue).get_indexer(pd.Index(counts["movie_id"]))
    is_there = column >= 0
    likes = np.zeros((len(keys) + 1, len(catalogue)))
    likes[row[is_there], column[is_there]] = counts["likes"].to_numpy()[is_there]
    totals = likes.sum(axis=1, keepdims=True)
    gains = np.log((likes + shrinkage) / (totals * shares + shrinkage))
    known = people.dropna(how="all", subset=list(ATTRIBUTES)).sort_values("user_id")
    with np.errstate(divide="ignore"):
        log_shares = np.log(shares)
    return SegmentPopularity(
        known["user_id"].to_numpy(np.int64),
        segments_of(known, keys),
        log_shares,
        gains,
    )


def segments_of(people: pd.DataFrame, keys: pd.MultiIndex) -> Ids:
    """Return where each of the people's values stands among keys, the last if nowhere.

    Returns
    -------
    ndarray
        Shape (people, attributes); the place after the last key stands for unknown.
    """
    known = {key: place for place, key in enumerate(keys)}
    columns = [
        [known.get((attribute, value), len(known)) for value in people[attribute]]
        for attribute in ATTRIBUTES
    ]
    return np.array(columns, np.int64).T.reshape(len(people), len(ATTRIBUTES))
