"""Exact top-N: arrays to every worker, users streamed past them in blocks."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from cinespark.algorithms.preferences import Preferences, history_of
from cinespark.algorithms.ranker_model import RankerModel
from cinespark.algorithms.row_scores import best_of_rows
from cinespark.algorithms.segments import SegmentPopularity
from cinespark.train.workers import to_workers

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

TOP_N_SCHEMA = (
    "model string, user_id int, rank int, movie_id int, score double, source string"
)
BLOCK_CELLS = 2**22  # scores of a part at a time, in each worker

Matrix = NDArray[np.float64]
Ids = NDArray[np.int64]


def top_n(
    rankers: Mapping[str, RankerModel],
    histories: "DataFrame",
    n: int,
    by_segment: SegmentPopularity | None = None,
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
    by_segment
        With the rankers' catalogue: what users get of whom a ranker has no opinion and
        something else is known.

    Returns
    -------
    DataFrame
        `model`, `user_id`, `rank` from 1, `movie_id`, `score` (the ranker's, or that by
        segment, or minus the movie's place in popularity), `source` 'personal',
        'segment' or 'popularity'.

    Raises
    ------
    CineSparkError
        If Spark's workers would take more memory than is free.
    """
    private = max(map(scoring_bytes, rankers.values()), default=0)
    given = dict(rankers), by_segment
    load = to_workers(histories.sparkSession, given, private, "making lists")

    def recommend(batches: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        here, of_new_users = load()
        for batch in batches:
            for name, ranker in here.items():
                catalogue = ranker.catalogue
                size = max(1, BLOCK_CELLS // max(1, len(catalogue)))
                for start in range(0, len(batch) if len(catalogue) else 0, size):
                    history = history_of(batch.iloc[start : start + size], catalogue)
                    scores = ranker.scores(history)
                    is_new = fill_by_segment(scores, history, of_new_users)
                    lists = best_unrated(scores, history.seen(), catalogue, n)
                    rows = as_rows(history.user_ids, *lists, catalogue, is_new)
                    if not ranker.is_personal:
                        rows["source"] = "popularity"
                    yield rows.assign(model=name)

    return histories.mapInPandas(recommend, TOP_N_SCHEMA)


def fill_by_segment(
    scores: Matrix, history: Preferences, by_segment: SegmentPopularity | None
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


def scoring_bytes(ranker: RankerModel) -> float:
    """Return about how many bytes scoring a block of users takes at most."""
    cells = max(BLOCK_CELLS, len(ranker.catalogue))
    # scores of each part, their sum, what was seen, and what standardising them takes
    return 8 * cells * (len(ranker.parts) + 5)


def best_unrated(
    scores: Matrix, rated: sparse.csr_array, catalogue: Ids, n: int
) -> tuple[Ids, Matrix, Ids]:
    """Return each user's best positions in the catalogue, with their scores.

    Parameters
    ----------
    scores
        Shape (users, movies), -inf where the model has no opinion.
    rated
        With an entry for each movie that must not come back, of the same shape.
    catalogue
        Movie ids, most popular first: it breaks ties by id and fills lists up in order.
    n
        Length of a list.

    Returns
    -------
    tuple
        Positions and scores, (users, n), best first, ties by movie id, where -inf marks
        one that is there for its popularity alone; and the lengths of lists, (users,).
    """
    shape = len(scores), min(n, len(catalogue))
    best, best_scores = np.zeros(shape, np.int64), np.zeros(shape)
    lengths = np.zeros(len(scores), np.int64)
    if not best.size:
        return best, best_scores, lengths
    best_of_rows(
        rated.indptr.astype(np.int64),
        rated.indices.astype(np.int32, copy=False),
        np.ascontiguousarray(scores, np.float64),
        catalogue.astype(np.int64, copy=False),
        best,
        best_scores,
        lengths,
    )
    return best, best_scores, lengths


def as_rows(
    user_ids: Ids,
    best: Ids,
    best_scores: Matrix,
    lengths: Ids,
    catalogue: Ids,
    is_new: NDArray[np.bool_],
) -> pd.DataFrame:
    """Return the lists of a block of users, one row per user and rank.

    Parameters
    ----------
    is_new
        Whose scores are those by segment.
    """
    is_there = np.arange(best.shape[1]) < lengths[:, None]
    positions, scores = best[is_there], best_scores[is_there]
    has_score = scores > -np.inf
    own = np.where(np.repeat(is_new, lengths), "segment", "personal")
    return pd.DataFrame(
        {
            "user_id": np.repeat(user_ids, lengths),
            "rank": np.nonzero(is_there)[1] + 1,
            "movie_id": catalogue[positions],
            "score": np.where(has_score, scores, -1.0 - positions),
            "source": np.where(has_score, own, "popularity"),
        }
    )
