"""Exact top-N: arrays to every worker, users streamed past them in blocks."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, partial
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cinespark.algorithms.best_products import Lists
from cinespark.algorithms.best_unrated import best_unrated
from cinespark.algorithms.list_reasons import (
    REASONS_SCHEMA,
    Columns,
    explaining,
    explaining_bytes,
)
from cinespark.algorithms.list_rules import (
    ListRules,
    Picked,
    picked,
    plan_of,
    together,
    without_rules,
)
from cinespark.algorithms.picked import BY_SCORE, SOURCES
from cinespark.algorithms.preferences import Preferences, history_of, positions_of
from cinespark.algorithms.ranker_model import MadeOf, RankerModel
from cinespark.algorithms.segments import SegmentPopularity, fill_by_segment
from cinespark.score.product_lists import USERS, lists_by_products
from cinespark.train.workers import to_workers

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

TOP_N_SCHEMA = (
    "model string, user_id int, rank int, movie_id int, score double, source string"
)
BLOCK_CELLS = 2**21  # scores of a part at a time, in each worker

NO_RULES: Mapping[str, ListRules | None] = MappingProxyType({})

Matrix = NDArray[np.float64]
Ids = NDArray[np.int64]
# what scores are made of, the lists, and whose are by segment
Found = tuple[MadeOf, Picked, NDArray[np.bool_]]
# from histories and rows of `int_user_histories`
Find = Callable[[Preferences, pd.DataFrame], Found]


def top_n(
    rankers: Mapping[str, RankerModel],
    histories: "DataFrame",
    n: int,
    *,
    by_segment: SegmentPopularity | None = None,
    with_reasons: bool = False,
    rules: Mapping[str, ListRules | None] = NO_RULES,
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
        What users get of whom a ranker has no opinion and something else is known.
    with_reasons
        Whether rows say what their scores are the sum of, as `explaining` gives it.
    rules
        By the model's name, what its lists are made by besides scores.

    Returns
    -------
    DataFrame
        `model`, `user_id`, `rank` from 1, `movie_id`, `score` (the ranker's, or that by
        segment, with what rules add; or minus the movie's place in popularity),
        `source` 'personal', 'segment', 'popularity', 'pin' or 'exploration'; with
        reasons also the columns of REASONS_SCHEMA.

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
    given = dict(rankers), by_segment, dict(rules)
    load = to_workers(histories.sparkSession, given, private, "making lists")

    def recommend(batches: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        here, of_new_users, ruled = load()
        makers = {
            name: making_lists(one, of_new_users, ruled.get(name), n, with_reasons)
            for name, one in here.items()
        }
        for batch in batches:
            for name, make in makers.items():
                for rows in make(batch):
                    yield rows.assign(model=name)

    return histories.mapInPandas(recommend, schema)


def making_lists(
    ranker: RankerModel,
    by_segment: SegmentPopularity | None,
    rules: ListRules | None,
    n: int,
    with_reasons: bool,
) -> Callable[[pd.DataFrame], Iterator[pd.DataFrame]]:
    """Return what makes rows of lists, without the model's name, of histories."""
    explain = explaining(ranker) if with_reasons else as_they_are
    find = finding(ranker, by_segment, rules, n)
    size = block_of(ranker, rules)

    def make(batch: pd.DataFrame) -> Iterator[pd.DataFrame]:
        for start in range(0, len(batch) if len(ranker.catalogue) else 0, size):
            block = batch.iloc[start : start + size]
            history = history_of(block, ranker.catalogue)
            made_of, lists, is_new = find(history, block)
            explained = explain(history, made_of, lists, is_new)
            for rows in explained_rows(explained, history, is_new):
                yield rows if ranker.is_personal else as_popularity(rows)

    return make


def finding(
    ranker: RankerModel,
    by_segment: SegmentPopularity | None,
    rules: ListRules | None,
    n: int,
) -> Find:
    """Return what finds lists, and says what they are made of and whose by segment."""
    if rules is not None:
        return by_rules(ranker, by_segment, rules, n)
    find = lists_by_products if ranker.product else lists_by_scores

    def without(history: Preferences, _: pd.DataFrame) -> Found:
        made_of, lists, is_new = find(ranker, history, by_segment, n)
        return made_of, without_rules(*lists), is_new

    return without


def by_rules(
    ranker: RankerModel,
    by_segment: SegmentPopularity | None,
    rules: ListRules,
    n: int,
) -> Find:
    """Return what does so by rules, for all users with the same rules together."""
    plan = cache(partial(plan_of, rules, n=n))

    def find(history: Preferences, block: pd.DataFrame) -> Found:
        scored = ranker.scored(history)
        is_new = fill_by_segment(scored.scores, history, by_segment)
        held_back = positions_of(block["held_back_movie_ids"], ranker.catalogue)
        lines = block["rule_lines"].map(tuple).reset_index(drop=True)
        parts = []
        for mine, places in lines.groupby(lines, sort=False).indices.items():
            users = np.asarray(places, np.int64)
            given = scored.scores[users], history.of_users(users), held_back[users]
            parts.append((users, picked(rules, plan(mine), *given, n)))
        return scored, together(parts), is_new

    return find


def explained_rows(
    explained: Iterator[tuple[slice, Picked, Columns]],
    history: Preferences,
    is_new: NDArray[np.bool_],
) -> Iterator[pd.DataFrame]:
    """Yield lists as rows without the model's name."""
    for span, lists, reasons in explained:
        rows = as_rows(history.user_ids[span], lists, history.catalogue, is_new[span])
        yield rows.assign(**reasons)


def block_of(ranker: RankerModel, rules: ListRules | None) -> int:
    """Return how many users' lists are made at a time."""
    if ranker.product and rules is None:
        return USERS
    return max(1, BLOCK_CELLS // max(1, len(ranker.catalogue)))


def lists_by_scores(
    ranker: RankerModel,
    history: Preferences,
    by_segment: SegmentPopularity | None,
    n: int,
) -> tuple[MadeOf, Lists, NDArray[np.bool_]]:
    """Return what scores are made of, the lists, and whose are by segment."""
    scored = ranker.scored(history)
    is_new = fill_by_segment(scored.scores, history, by_segment)
    lists = best_unrated(scored.scores, history.seen(), ranker.catalogue, n)
    return scored, lists, is_new


def as_they_are(
    history: Preferences, made_of: MadeOf, lists: Picked, is_new: NDArray[np.bool_]
) -> Iterator[tuple[slice, Picked, Columns]]:
    """Yield lists without reasons."""
    yield slice(None), lists, {}


def as_popularity(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows of a ranker that knows nobody: what it orders is popular."""
    is_own = rows["source"].isin(["personal", "segment"])
    return rows.assign(source=rows["source"].mask(is_own, "popularity"))


def scoring_bytes(ranker: RankerModel) -> float:
    """Return about how many bytes scoring a block of users takes at most."""
    cells = max(BLOCK_CELLS, len(ranker.catalogue))
    # scores of each part, their sum, what was seen, and what standardising them takes
    return 8 * cells * (len(ranker.parts) + 5)


def as_rows(
    user_ids: Ids, lists: Picked, catalogue: Ids, is_new: NDArray[np.bool_]
) -> pd.DataFrame:
    """Return the lists of a block of users, one row per user and rank.

    Parameters
    ----------
    is_new
        Whose scores are those by segment.
    """
    is_there = np.arange(lists.best.shape[1]) < lists.lengths[:, None]
    positions, scores = lists.best[is_there], lists.scores[is_there]
    kinds = lists.kinds[is_there]
    is_by_segment = np.repeat(is_new, lists.lengths) & (kinds == BY_SCORE)
    return pd.DataFrame(
        {
            "user_id": np.repeat(user_ids, lists.lengths),
            "rank": np.nonzero(is_there)[1] + 1,
            "movie_id": catalogue[positions],
            "score": np.where(scores > -np.inf, scores, -1.0 - positions),
            "source": np.where(is_by_segment, "segment", SOURCES[kinds]),
        }
    )
