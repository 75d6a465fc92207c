"""Exact top-N: arrays to every worker, users streamed past them in blocks."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cinespark.algorithms.preferences import history_of
from cinespark.algorithms.ranker_model import RankerModel
from cinespark.score.workers import to_workers

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

TOP_N_SCHEMA = (
    "model string, user_id int, rank int, movie_id int, score double, source string"
)
BLOCK_CELLS = 2**22  # scores of a part at a time, in each worker

Matrix = NDArray[np.float64]
Ids = NDArray[np.int64]


def top_n(
    rankers: Mapping[str, RankerModel], histories: "DataFrame", n: int
) -> "DataFrame":
    """Return each user's `n` best movies that the user has not rated.

    Parameters
    ----------
    rankers
        By the name of the model, all with the same catalogue.
    histories
        Rows of `int_user_histories`; every user in it gets a list.
    n
        Length of a list; fewer only where the catalogue runs out.

    Returns
    -------
    DataFrame
        `model`, `user_id`, `rank` from 1, `movie_id`, `score` (the ranker's, or minus
        the movie's place in popularity), `source` 'personal' or 'popularity'.

    Raises
    ------
    CineSparkError
        If Spark's workers would take more memory than is free.
    """
    private = max(map(scoring_bytes, rankers.values()), default=0)
    load = to_workers(histories.sparkSession, dict(rankers), private, "making lists")

    def recommend(batches: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        here = load()
        for batch in batches:
            for name, ranker in here.items():
                catalogue = ranker.catalogue
                size = max(1, BLOCK_CELLS // max(1, len(catalogue)))
                for start in range(0, len(batch) if len(catalogue) else 0, size):
                    history = history_of(batch.iloc[start : start + size], catalogue)
                    scores = ranker.scores(history)
                    rated = np.split(
                        history.movies,
                        np.searchsorted(history.users, np.arange(1, len(scores))),
                    )
                    lists = best_unrated(scores, rated, catalogue, n)
                    rows = as_rows(history.user_ids, lists, catalogue)
                    if not ranker.is_personal:
                        rows["source"] = "popularity"
                    yield rows.assign(model=name)

    return histories.mapInPandas(recommend, TOP_N_SCHEMA)


def scoring_bytes(ranker: RankerModel) -> float:
    """Return about how many bytes scoring a block of users takes at most."""
    cells = max(BLOCK_CELLS, len(ranker.catalogue))
    # scores of each part, their sum, what was seen, and what standardising them takes
    return 8 * cells * (len(ranker.parts) + 5)


def best_unrated(
    scores: Matrix, rated: list[Ids], catalogue: Ids, n: int
) -> list[tuple[Ids, Matrix]]:
    """Return each user's best positions in the catalogue, with their scores.

    Parameters
    ----------
    scores
        Shape (users, movies), -inf where the model has no opinion; changed in place.
    rated
        For each user the positions that must not come back.
    catalogue
        Movie ids, most popular first: it breaks ties by id and fills lists up in order.
    n
        Length of a list.

    Returns
    -------
    list
        For each user (positions, scores), best first, ties by movie id; -inf marks a
        movie that is there for its popularity alone.
    """
    lists = []
    n = min(n, len(catalogue))
    for row, seen in zip(scores, rated, strict=True):
        row[seen] = -np.inf
        least = np.partition(row, len(row) - n)[len(row) - n] if n else np.inf
        best = np.flatnonzero((row >= least) & (row > -np.inf))
        best = best[np.lexsort((catalogue[best], -row[best]))][:n]
        if len(best) < n:
            is_free = np.ones(len(row), bool)
            is_free[seen] = False
            is_free[best] = False
            best = np.append(best, np.flatnonzero(is_free)[: n - len(best)])
        lists.append((best, row[best]))
    return lists


def as_rows(
    user_ids: Ids, lists: list[tuple[Ids, Matrix]], catalogue: Ids
) -> pd.DataFrame:
    """Return the lists of a block of users, one row per user and rank."""
    lengths = [len(positions) for positions, _ in lists]
    positions = np.concatenate([positions for positions, _ in lists])
    scores = np.concatenate([scores for _, scores in lists])
    is_personal = scores > -np.inf
    return pd.DataFrame(
        {
            "user_id": np.repeat(user_ids, lengths),
            "rank": np.concatenate([np.arange(1, length + 1) for length in lengths]),
            "movie_id": catalogue[positions],
            "score": np.where(is_personal, scores, -1.0 - positions),
            "source": np.where(is_personal, "personal", "popularity"),
        }
    )
