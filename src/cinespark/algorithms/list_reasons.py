"""Lists with what each row comes from: the user's own movies that add most to it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cinespark.algorithms.contributions import (
    Reasons,
    contributions_of,
    is_additive,
    reasons_of,
)
from cinespark.algorithms.list_rules import Picked
from cinespark.algorithms.picked import BY_SCORE, EXPLORED, PINNED
from cinespark.algorithms.preferences import Preferences
from cinespark.algorithms.ranker_model import MadeOf, RankerModel

REASONS_SCHEMA = (
    "reason_movie_ids array<int>, reason_contributions array<double>, "
    "other_contributions double, score_constant double, rule_adjustment double, "
    "rule_lines array<int>"
)
CELLS = 2**20  # ratings times places of lists that are added up at a time

Matrix = NDArray[np.float64]
Ids = NDArray[np.int64]
Columns = dict[str, Any]
Flags = NDArray[np.bool_]
# from histories of users, what their scores are made of, their lists and whose are by
# segment, to the places of users, their lists and the columns of REASONS_SCHEMA for the
# rows of these, block by block
Explain = Callable[
    [Preferences, MadeOf, Picked, Flags], Iterator[tuple[slice, Picked, Columns]]
]


def explaining(ranker: RankerModel) -> Explain:
    """Return what explains lists of a ranker.

    The scores of listed movies are added up anew, in double precision, and the lists
    are put in their order, but for what is pinned or explored, which keeps its place. A
    row that is not there for its score, or whose score is that of a segment or of a
    ranker that is no sum over ratings, is not explained: its arrays are empty and its
    numbers NaN.
    """
    if not is_additive(ranker):
        return lambda history, made_of, lists, is_new: iter(
            [(slice(None), lists, unexplained(lists))]
        )
    contributions = contributions_of(ranker)

    def explain(
        history: Preferences, made_of: MadeOf, lists: Picked, is_new: Flags
    ) -> Iterator[tuple[slice, Picked, Columns]]:
        for start, end in spans(history, lists.best.shape[1]):
            users = slice(start, end)
            mine = history.of_users(np.arange(start, end))
            block = lists.of_users(users)
            added = contributions(mine, block.best, made_of.factors[:, users])
            reasons = reasons_of(mine, added, made_of.constants[users])
            # a list may end before its last place, where nothing stands
            is_there = np.arange(block.best.shape[1]) < block.lengths[:, None]
            is_personal = is_there & (block.kinds == BY_SCORE) & ~is_new[users, None]
            others = np.where(is_there, block.scores, -np.inf)
            scores = np.where(is_personal, reasons.scores + block.added, others)
            is_fixed = is_there & np.isin(block.kinds, (PINNED, EXPLORED))
            order = best_first(scores, block.best, history.catalogue, is_fixed)
            again = replace(block, scores=scores).in_order(order)
            is_personal = np.take_along_axis(is_personal, order, axis=1)
            found = explained(reasons, again, order, is_personal, mine.catalogue)
            yield users, again, found

    return explain


def spans(history: Preferences, n: int) -> Iterator[tuple[int, int]]:
    """Yield the first and the end of blocks of users with about CELLS cells each."""
    users = len(history.user_ids)
    entries = np.bincount(history.users, minlength=users)
    block = (np.cumsum(entries) - entries) * n // CELLS
    yield from pairwise([0, *(np.flatnonzero(np.diff(block)) + 1).tolist(), users])


def best_first(
    scores: Matrix, best: Ids, catalogue: Ids, is_fixed: Flags
) -> NDArray[np.intp]:
    """Return the order of each list by scores, ties by movie id.

    Places of -inf stay in their order, behind the others; fixed ones are left where
    they are, and the others are put in order around them.
    """
    places = np.arange(best.shape[1])
    ties = np.where(scores > -np.inf, catalogue[best], places)
    by_score = np.lexsort((ties, -scores, is_fixed), axis=-1)
    free_first = np.argsort(is_fixed, axis=1, kind="stable")
    fixed_last = np.where(
        np.take_along_axis(is_fixed, by_score, 1), free_first, by_score
    )
    order = np.empty_like(free_first)
    np.put_along_axis(order, free_first, fixed_last, axis=1)
    return order


def explained(
    reasons: Reasons,
    lists: Picked,
    order: NDArray[np.intp],
    is_personal: Flags,
    catalogue: Ids,
) -> Columns:
    """Return the columns of REASONS_SCHEMA for lists that were put in an order.

    Parameters
    ----------
    is_personal
        Of the places of the lists in this order, which are the ranker's.
    """
    users, ranks = np.nonzero(np.arange(order.shape[1]) < lists.lengths[:, None])
    is_personal = is_personal[users, ranks]
    places = order[users, ranks]
    counts = np.where(is_personal, reasons.counts[users, places], 0).tolist()
    ids = catalogue[reasons.movies[users, places]].tolist()
    amounts = reasons.amounts[users, places].tolist()
    others, constants = reasons.others[users, places], reasons.constants[users]
    return {
        "reason_movie_ids": cut(ids, counts),
        "reason_contributions": cut(amounts, counts),
        "other_contributions": np.where(is_personal, others, np.nan),
        "score_constant": np.where(is_personal, constants, np.nan),
        **by_rules(lists),
    }


def unexplained(lists: Picked) -> Columns:
    """Return the columns of REASONS_SCHEMA for lists that are not explained."""
    rows = int(lists.lengths.sum())
    return {
        "reason_movie_ids": cut([[]] * rows, [0] * rows),
        "reason_contributions": cut([[]] * rows, [0] * rows),
        "other_contributions": np.full(rows, np.nan),
        "score_constant": np.full(rows, np.nan),
        **by_rules(lists),
    }


def by_rules(lists: Picked) -> Columns:
    """Return the columns that say what rules did to each row."""
    is_there = np.arange(lists.best.shape[1]) < lists.lengths[:, None]
    return {
        "rule_adjustment": lists.added[is_there],
        "rule_lines": pd.Series([*lists.lines[is_there]], dtype=object),
    }


def cut(rows: list[list[Any]], lengths: list[int]) -> "pd.Series[Any]":
    """Return the first elements of each row, as a column."""
    pairs = zip(rows, lengths, strict=True)
    return pd.Series([row[:length] for row, length in pairs], dtype=object)


def explaining_bytes(ranker: RankerModel) -> float:
    """Return about how many bytes explaining lists takes at most, besides scoring.

    More only for one user with a longer history than a block has.
    """
    # arrays of all contributions, of a part, and of what that is made of
    arrays = 8 * 6 * CELLS
    tables = [vars(part).get("ease") for _, part in ranker.parts]
    likes = [table.likes for table in tables if table is not None]
    nonzero = sum(np.count_nonzero(one) for one in likes if one is not None)
    return float(arrays + 3 * 12 * nonzero)  # by columns, and while they are put so
