"""Users made new again: all but a few of their ratings hidden, the rest judged.

Functions take rows of `int_new_user_ratings` of the users asked about, as a frame:
`place` counts a user's ratings before the target from the latest, `newer_before` those
of them that are newer.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from cinespark.algorithms.best_unrated import best_unrated
from cinespark.algorithms.folding import fold_users
from cinespark.algorithms.predict import predict_ratings
from cinespark.algorithms.predictor_model import PredictorModel, Terms
from cinespark.algorithms.preferences import Preferences
from cinespark.algorithms.ranker_model import Part, RankerModel
from cinespark.algorithms.ratings import Floats, Ids, Ratings

ALL = "all"
BLOCK_CELLS = 4_000_000  # scores that are held at a time


def shown_of(rows: pd.DataFrame, shown: int | None) -> pd.DataFrame:
    """Return the latest ratings before the target, so many per user; all for None."""
    before = rows[~rows["is_target"]]
    return before if shown is None else before[before["place"] <= shown]


def history_at(
    rows: pd.DataFrame, user_ids: Ids, catalogue: Ids, shown: int | None
) -> Preferences:
    """Return what a ranker knows of users of whom so many ratings are shown.

    Parameters
    ----------
    user_ids
        In rising order, with ratings or without.
    catalogue
        Ids of all movies, in the order of their positions; others are left out.
    """
    kept = shown_of(rows, shown)
    users = np.searchsorted(user_ids, kept["user_id"])
    counts = np.bincount(users, minlength=len(user_ids))
    movies = pd.Index(catalogue).get_indexer(pd.Index(kept["movie_id"]))
    is_known = movies >= 0
    stars, values, newer = (
        kept[name].to_numpy(np.float64)[is_known]
        for name in ("rating", "preference", "newer_before")
    )
    return Preferences(
        catalogue,
        np.zeros(len(catalogue), np.int64),
        user_ids,
        users[is_known],
        movies[is_known],
        stars,
        values,
        newer,
        counts[users][is_known].astype(np.float64),
    )


def filled(scores: Floats, history: Preferences, others: Sequence[Part]) -> Floats:
    """Return scores with another's where there is no opinion of a user at all.

    Parameters
    ----------
    scores
        Shape (users, movies), -inf where there is no opinion.
    others
        Asked in this order, each for those of whom those before it had none.
    """
    scores = scores.copy()
    for part in others:
        lost = np.flatnonzero(~np.isfinite(scores).any(axis=1))
        if len(lost):
            found = part.scores(history.of_users(lost))
            scores[lost] = np.where(np.isnan(found), -np.inf, found)
    return scores


def judged_lists(
    rankers: Mapping[tuple[str, bool], tuple[Part, Sequence[Part]]],
    rows: pd.DataFrame,
    catalogue: Ids,
    shown: Sequence[int | None],
    k: int,
) -> Iterator[pd.DataFrame]:
    """Yield NDCG@k of each user who likes a movie of the target, in columns of `named`.

    All movies are ranked but the user's before the target, shown or hidden, so that
    however many are shown the same movies are ranked.

    Parameters
    ----------
    rankers
        By name and whether they use demographics: who scores, and who does in turn
        where that has no opinion of a user. What has the same scorer is scored once.
    """
    likes = rows[rows["is_target"] & rows["is_like"]]
    likes = likes[likes["movie_id"].isin(catalogue)]
    users = np.unique(likes["user_id"]).astype(np.int64)
    size = max(1, BLOCK_CELLS // max(1, len(catalogue)))
    for start in range(0, len(users), size):
        block = users[start : start + size]
        mine = rows[rows["user_id"].isin(block)]
        relevant = incidence(likes[likes["user_id"].isin(block)], block, catalogue)
        seen = incidence(mine[~mine["is_target"]], block, catalogue)
        for count in shown:
            history = history_at(mine, block, catalogue, count)
            known: dict[int, Floats] = {}
            for (name, uses), (first, others) in rankers.items():
                if id(first) not in known:
                    found = first.scores(history)
                    known[id(first)] = np.where(np.isnan(found), -np.inf, found)
                scores = filled(known[id(first)], history, others)
                ndcg = ndcg_of_lists(scores, seen, relevant, catalogue, k)
                figures = pd.DataFrame({"user_id": block, "ndcg": ndcg})
                yield named(figures, "ranker", name, uses, count)


def ndcg_of_lists(
    scores: Floats,
    seen: NDArray[np.bool_],
    relevant: NDArray[np.bool_],
    catalogue: Ids,
    k: int,
) -> Floats:
    """Return NDCG@k of the lists that would be published, shape (users,).

    Equal scores go by movie id, movies without one come last, in the catalogue's order.

    Parameters
    ----------
    scores, seen, relevant
        Shape (users, movies); each user has a relevant movie.
    """
    best, _, lengths = best_unrated(scores, sparse.csr_array(seen), catalogue, k)
    size = best.shape[1]
    hits = np.take_along_axis(relevant, best, axis=1)
    hits &= np.arange(size) < lengths[:, None]
    discount = 1 / np.log2(np.arange(2, size + 2))
    ideal = np.cumsum(discount)[np.minimum(relevant.sum(axis=1), size) - 1]
    return np.asarray((hits * discount).sum(axis=1) / ideal)


def incidence(rows: pd.DataFrame, users: Ids, catalogue: Ids) -> NDArray[np.bool_]:
    """Return which movies of the catalogue rows have of each user, (users, movies)."""
    movies = pd.Index(catalogue).get_indexer(pd.Index(rows["movie_id"]))
    found = np.zeros((len(users), len(catalogue)), bool)
    found[np.searchsorted(users, rows["user_id"])[movies >= 0], movies[movies >= 0]] = (
        True
    )
    return found


def judged_ratings(
    predictors: Mapping[tuple[str, bool], PredictorModel],
    known: Ratings,
    rows: pd.DataFrame,
    shown: Sequence[int | None],
) -> Iterator[pd.DataFrame]:
    """Yield the sum of squared errors on each user's target, in columns of `named`.

    Parameters
    ----------
    predictors
        By name and whether they use demographics. They have not seen these users, whom
        those that can fold in; to the others they stay unknown.
    known
        The ids and features of everyone and everything.
    """
    target = rows[rows["is_target"]]
    asked = target["user_id"].to_numpy(np.int64), target["movie_id"].to_numpy(np.int64)
    users = np.unique(asked[0])
    mine = rows[rows["user_id"].isin(users)]
    for count in shown:
        history = shown_of(mine, count)
        for (name, uses), model in predictors.items():
            people = with_users(model, known, history, users, uses)
            error = predict_ratings(people, *asked)[0] - target["rating"]
            figures = (error**2).groupby(asked[0]).agg(["sum", "count"])
            figures.columns = ["squared_error", "rating_count"]
            figures = figures.rename_axis("user_id").reset_index()
            yield named(figures, "predictor", name, uses, count)


def with_users(
    model: PredictorModel, known: Ratings, history: pd.DataFrame, users: Ids, uses: bool
) -> PredictorModel:
    """Return a predictor that knows these users by their history, if it can fold in.

    Parameters
    ----------
    history
        `user_id`, `movie_id`, `rating`: what is shown.
    users
        Ids in rising order, with a history or without.
    uses
        Whether what is known of them besides counts, too.
    """
    if model.folding is None:
        return model
    place = np.searchsorted(known.user_ids, users)
    given = replace(
        known,
        user_ids=users,
        users=np.searchsorted(users, history["user_id"]),
        movies=np.searchsorted(known.movie_ids, history["movie_id"]),
        stars=history["rating"].to_numpy(np.float64),
    )
    features = known.user_features[place][:, : None if uses else 0]
    bias, factors = fold_users(model.folding, given.matrix(given.stars), features)
    terms = Terms(
        users,
        np.append(bias, model.users.bias[-1]),
        np.append(np.bincount(given.users, minlength=len(users)), 0).astype(np.int32),
        np.vstack([factors, model.users.factors[-1:]]).astype(np.float32),
    )
    return replace(model, users=terms)


def named(
    figures: pd.DataFrame, role: str, model: str, uses: bool, shown: int | None
) -> pd.DataFrame:
    """Return figures with what they are of: the columns of the simulation's table."""
    return figures.assign(
        role=role,
        model=model,
        uses_demographics=uses,
        shown_ratings=ALL if shown is None else str(shown),
        is_retrained=False,
    )


def judged_rankers(
    ranker: RankerModel,
    name: str,
    popular: RankerModel,
    baseline: str,
    by_segment: Part | None,
) -> dict[tuple[str, bool], tuple[Part, Sequence[Part]]]:
    """Return who is judged: popularity, popularity by segment and what publishes.

    Parameters
    ----------
    name, baseline
        What the published ranker and popularity are called.
    by_segment
        None where demographics are not known or not used.
    """
    found: dict[tuple[str, bool], tuple[Part, Sequence[Part]]] = {}
    if by_segment is not None:
        found[name, True] = ranker, (by_segment, popular)
        found[baseline, True] = by_segment, (popular,)
    found[name, False] = ranker, (popular,)
    found[baseline, False] = popular, ()
    return found
