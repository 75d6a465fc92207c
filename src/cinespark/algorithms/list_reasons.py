"""Lists with what each row comes from: the user's own movies that add most to it."""

from collections.abc import Callable, Iterator
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
from cinespark.algorithms.preferences import Preferences
from cinespark.algorithms.ranker_model import RankerModel, Scored

REASONS_SCHEMA = (
    "reason_movie_ids array<int>, reason_contributions array<double>, "
    "other_contributions double, score_constant double"
)
CELLS = 2**20  # ratings times places of lists that are added up at a time

Matrix = NDArray[np.float64]
Ids = NDArray[np.int64]
Lists = tuple[Ids, Matrix, Ids]  # as `best_unrated` returns them
Columns = dict[str, Any]
Flags = NDArray[np.bool_]
# from histories of users, their scores and lists, and whose scores are by segment, to
# the places of users, their lists and the columns of REASONS_SCHEMA for the rows of
# these, block by block
Explain = Callable[
    [Preferences, Scored, Lists, Flags], Iterator[tuple[slice, Lists, Columns]]
]


def explaining(ranker: RankerModel) -> Explain:
    """Return what explains lists of a ranker.

    The scores of listed movies are added up anew, in double precision, and the lists
    are put in their order. A row that is there for its popularity, with everybody or in
    a segment, or by a ranker that is no sum over ratings, is not explained: its arrays
    are empty and its numbers NaN.
    """
    if not is_additive(ranker):
        return lambda history, scored, lists, is_new: iter(
            [(slice(None), lists, unexplained(int(lists[2].sum())))]
        )
    contributions = contributions_of(ranker)

    def explain(
        history: Preferences, scored: Scored, lists: Lists, is_new: Flags
    ) -> Iterator[tuple[slice, Lists, Columns]]:
        for start, end in spans(history, lists[0].shape[1]):
            users = slice(start, end)
            mine = history.of_users(np.arange(start, end))
            best, chosen, lengths = lists[0][users], lists[1][users], lists[2][users]
            added = contributions(mine, best, scored.factors[:, users])
            reasons = reasons_of(mine, added, scored.constants[users])
            # a list may end before its last place, where nothing stands
            is_there = np.arange(best.shape[1]) < lengths[:, None]
            is_personal = is_there & (chosen > -np.inf) & ~is_new[users, None]
            others = np.where(is_there, chosen, -np.inf)
            scores = np.where(is_personal, reasons.scores, others)
            order = best_first(scores, best, history.catalogue)
            again = (
                np.take_along_axis(best, order, axis=1),
                np.take_along_axis(scores, order, axis=1),
                lengths,
            )
            is_personal = np.take_along_axis(is_personal, order, axis=1)
            found = explained(reasons, lengths, order, is_personal, mine.catalogue)
            yield users, again, found

    return explain


def spans(history: Preferences, n: int) -> Iterator[tuple[int, int]]:
    """Yield the first and the end of blocks of users with about CELLS cells each."""
    users = len(history.user_ids)
    entries = np.bincount(history.users, minlength=users)
    block = (np.cumsum(entries) - entries) * n // CELLS
    yield from pairwise([0, *(np.flatnonzero(np.diff(block)) + 1).tolist(), users])


def best_first(scores: Matrix, best: Ids, catalogue: Ids) -> NDArray[np.intp]:
    """Return the order of each list by scores, ties by movie id.

    Places of -inf stay in their order, behind the others.
    """
    places = np.arange(best.shape[1])
    ties = np.where(scores > -np.inf, catalogue[best], places)
    return np.lexsort((ties, -scores), axis=-1)


def explained(
    reasons: Reasons,
    lengths: Ids,
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
    users, ranks = np.nonzero(np.arange(order.shape[1]) < lengths[:, None])
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
    }


def unexplained(rows: int) -> Columns:
    """Return the columns of REASONS_SCHEMA for rows that are not explained."""
    return {
        "reason_movie_ids": cut([[]] * rows, [0] * rows),
        "reason_contributions": cut([[]] * rows, [0] * rows),
        "other_contributions": np.full(rows, np.nan),
        "score_constant": np.full(rows, np.nan),
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
