"""Lists by a ranker whose scores are products of two vectors, without all of them."""

import numpy as np
from numpy.typing import NDArray

from cinespark.algorithms.best_products import Lists, best_products
from cinespark.algorithms.best_unrated import best_unrated
from cinespark.algorithms.preferences import Preferences
from cinespark.algorithms.ranker_model import MadeOf, RankerModel
from cinespark.algorithms.segments import SegmentPopularity

USERS = 2**12  # at a time: not all their scores are held
CELLS = 2**20  # scores by segment that are held at a time


def lists_by_products(
    ranker: RankerModel,
    history: Preferences,
    by_segment: SegmentPopularity | None,
    n: int,
) -> tuple[MadeOf, Lists, NDArray[np.bool_]]:
    """Return what scores are made of, the lists, and whose are by segment.

    Parameters
    ----------
    ranker
        One with `product`.
    history
        Of a block of users.
    by_segment
        What users get of whom the ranker has no opinion, if anything is known of them.
    """
    part = ranker.product
    assert part is not None
    users, seen = part.users(history), history.seen()
    lists = best_products(
        users, part.movie_vectors, seen, ranker.catalogue, ranker.is_liked, n
    )
    is_new = np.zeros(len(users), bool)
    if by_segment is not None:
        is_new[:] = ~np.isfinite(users).all(axis=1) | ~ranker.is_liked.any()
        new, size = np.flatnonzero(is_new), max(1, CELLS // len(ranker.catalogue))
        for start in range(0, len(new), size):
            mine = new[start : start + size]
            scores = by_segment.scores(history.of_users(mine))
            scores[np.isnan(scores)] = -np.inf
            of_new = best_unrated(scores, seen[mine], ranker.catalogue, n)
            for all_of_them, these in zip(lists, of_new, strict=True):
                all_of_them[mine] = these
    return MadeOf.one_part(len(users)), lists, is_new
