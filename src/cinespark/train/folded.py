"""Users folded in by Spark's workers, which import this module: no dbt is in it."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from pyspark.sql import functions as F
from scipy import sparse

from cinespark.algorithms.folding import Folding, fold_users
from cinespark.algorithms.ratings import Floats, Ids, Ratings
from cinespark.train.workers import to_workers

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

BATCH = 10_000  # users that Arrow hands over at a time
RATINGS_A_USER = 200  # of those who rate much, on the whole
RATING_BYTES = 60  # of a rating as it is unpacked
FOLDED_SCHEMA = "user_id int, rating_count int, bias double, factors array<float>"


def folded_in(
    folding: Folding, everyone: Ratings, learnt: Ids, rest: "DataFrame"
) -> "DataFrame":
    """Return a row for each user who is not learnt from, in FOLDED_SCHEMA.

    Parameters
    ----------
    everyone
        Whose users, movies and features count.
    learnt
        Positions of those who are learnt from.
    rest
        The ratings of the others, some of whom may have none.
    """
    others = np.delete(everyone.user_ids, learnt).astype(np.int32)
    session = rest.sparkSession
    people = session.createDataFrame(pd.DataFrame({"user_id": others}), "user_id int")
    ratings = F.array_sort(F.collect_list(F.struct("movie_id", "rating")))
    histories = rest.groupBy("user_id").agg(ratings.alias("rated"))
    columns = ("user_id", "rated.movie_id", "rated.rating")
    known = everyone.user_ids, everyone.movie_ids, everyone.user_features
    # expectations and features of a batch of users, and their ratings
    wide = 6 * folding.movies.shape[2] + 2 * folding.links.shape[1]
    each = 8 * wide + RATING_BYTES * RATINGS_A_USER
    load = to_workers(session, (folding, *known), BATCH * each, "folding users in")

    def fold(batches: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        for block in batches:
            yield folded_block(block, *load())

    rows = people.join(histories, "user_id", "left").select(*columns)
    return rows.mapInPandas(fold, FOLDED_SCHEMA)


def folded_block(
    block: pd.DataFrame,
    folding: Folding,
    user_ids: Ids,
    movie_ids: Ids,
    features: Floats,
) -> pd.DataFrame:
    """Return users folded in, one row per user of a block of histories.

    Parameters
    ----------
    block
        `user_id`, and arrays `movie_id` and `rating`, null for who has rated nothing.
    """
    counts = block["movie_id"].map(len, na_action="ignore").fillna(0).astype(int)
    rated = block[counts > 0]
    movies, stars = (
        np.concatenate([np.zeros(0), *rated[name]]) for name in ("movie_id", "rating")
    )
    starts = np.append(0, np.cumsum(counts))
    matrix = sparse.csr_array(
        (stars, np.searchsorted(movie_ids, movies), starts),
        (len(block), len(movie_ids)),
    )
    place = np.searchsorted(user_ids, block["user_id"])
    bias, factors = fold_users(folding, matrix, features[place])
    return pd.DataFrame(
        {
            "user_id": block["user_id"],
            "rating_count": counts.astype(np.int32),
            "bias": bias,
            "factors": list(factors.astype(np.float32)),
        }
    )
