"""Exact top-N: arrays to every worker, users streamed past them in blocks."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cinespark.algorithms.best_unrated import best_unrated
from cinespark.algorithms.list_reasons import (
    REASONS_SCHEMA,
    Columns,
    Explain,
    Lists,
    explaining,
    explaining_bytes,
)
from cinespark.algorithms.preferences import Preferences, history_of
from cinespark.algorithms.ranker_model import RankerModel, Scored
from cinespark.algorithms.segments import SegmentPopularity, fill_by_segment
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
    *,
    by_segment: SegmentPopularity | None = None,
    with_reasons: bool = False,
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
    with_reasons
        Whether rows say what their scores are the sum of, as `explaining` gives it.

    Returns
    -------
    DataFrame
        `model`, `user_id`, `rank` from 1, `movie_id`, `score` (the ranker's, or that by
        segment, or minus the movie's place in popularity), `source` 'personal',
        'segment' or 'popularity'; with reasons also the columns of REASONS_SCHEMA.

    Raises
    ------
    CineSparkError
        If Spark's workers would take more memory than is free.
    """
    private = max(map(scoring_bytes, rankers.values()), default=0)
    schema = TOP_N_SCHEMA
    if with_reasons:
        private += max(map(explaining_bytes, rankers.values()), default=0)
        schema = f"{TOP_N_SCHEMA}, {REASONS_SCHEMA}"
    given = dict(rankers), by_segment
    load = to_workers(histories.sparkSession, given, private, "making lists")

    def recommend(batches: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        here, of_new_users = load()
        explain = {
            name: explaining(here[name]) if with_reasons else as_they_are
            for name in here
        }
        for batch in batches:
            for name, ranker in here.items():
                size = max(1, BLOCK_CELLS // max(1, len(ranker.catalogue)))
                for start in range(0, len(batch) if len(ranker.catalogue) else 0, size):
                    block = batch.iloc[start : start + size]
                    history = history_of(block, ranker.catalogue)
                    for rows in listed(ranker, history, of_new_users, explain[name], n):
                        yield rows.assign(model=name)

    return histories.mapInPandas(recommend, schema)


def listed(
    ranker: RankerModel,
    history: Preferences,
    by_segment: SegmentPopularity | None,
    explain: Explain,
    n: int,
) -> Iterator[pd.DataFrame]:
    """Yield the lists of a block of users, as rows without the model's name."""
    scored = ranker.scored(history)
    is_new = fill_by_segment(scored.scores, history, by_segment)
    lists = best_unrated(scored.scores, history.seen(), ranker.catalogue, n)
    for span, mine, reasons in explain(history, scored, lists, is_new):
        users = history.user_ids[span]
        rows = as_rows(users, *mine, ranker.catalogue, is_new[span])
        rows = rows.assign(**reasons)
        if not ranker.is_personal:
            rows["source"] = "popularity"
        yield rows


def as_they_are(
    history: Preferences, scored: Scored, lists: Lists, is_new: NDArray[np.bool_]
) -> Iterator[tuple[slice, Lists, Columns]]:
    """Yield lists without reasons."""
    yield slice(None), lists, {}


def scoring_bytes(ranker: RankerModel) -> float:
    """Return about how many bytes scoring a block of users takes at most."""
    cells = max(BLOCK_CELLS, len(ranker.catalogue))
    # scores of each part, their sum, what was seen, and what standardising them takes
    return 8 * cells * (len(ranker.parts) + 5)


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
