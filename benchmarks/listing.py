"""Lists of the best movies from any scores, without those that a user has rated.

It knows nothing of the project, and needs NumPy, pandas and SciPy only.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy import sparse

CHUNK = 1000  # users whose scores of all movies are held at once

Scorer = Callable[[np.ndarray], np.ndarray]


def incidence(
    rows: pd.DataFrame, user_ids: pd.Index, movie_ids: pd.Index
) -> sparse.csr_matrix:
    """Return ones where a user and a movie have a row."""
    matrix = placed(rows, np.ones(len(rows)), user_ids, movie_ids)
    matrix.data[:] = 1  # rows of one pair were summed
    return matrix


def placed(
    rows: pd.DataFrame, values: np.ndarray, user_ids: pd.Index, movie_ids: pd.Index
) -> sparse.csr_matrix:
    """Return a matrix of users and movies with the values of the rows, summed."""
    places = (
        user_ids.get_indexer(rows["user_id"]),
        movie_ids.get_indexer(rows["movie_id"]),
    )
    shape = len(user_ids), len(movie_ids)
    return sparse.csr_matrix((values, places), shape)


def by_popularity(liked: pd.DataFrame, movie_ids: pd.Index) -> pd.Index:
    """Return the movies, those with most rows first."""
    counts = liked["movie_id"].value_counts().reindex(movie_ids, fill_value=0)
    return counts.sort_values(ascending=False, kind="stable").index


def top_lists(
    score: Scorer,
    rated: sparse.csr_matrix,
    user_ids: pd.Index,
    movie_ids: pd.Index,
    asked: np.ndarray,
    n: int,
) -> pd.DataFrame:
    """Return user_id, rank and movie_id of the best n movies that are not rated.

    Parameters
    ----------
    score
        Given the places of users, returns their scores of all movies: a row each.
    rated
        What each user has rated, as `incidence` returns it.
    movie_ids
        In the order of the scores; of two with one score the first is better.
    asked
        Ids of the users who get a list.
    """
    parts = []
    for start in range(0, len(asked), CHUNK):
        users = asked[start : start + CHUNK]
        rows = user_ids.get_indexer(users)
        scores = np.array(score(rows), dtype=np.float32)
        scores[rated[rows].nonzero()] = -np.inf
        top = np.argsort(-scores, axis=1, kind="stable")[:, :n]
        part = pd.DataFrame(
            {
                "user_id": np.repeat(users, top.shape[1]),
                "rank": np.tile(np.arange(1, top.shape[1] + 1), len(users)),
                "movie_id": movie_ids.to_numpy()[top].ravel(),
            }
        )
        is_new = np.isfinite(np.take_along_axis(scores, top, axis=1)).ravel()
        parts.append(part[is_new])
    return pd.concat(parts, ignore_index=True)
