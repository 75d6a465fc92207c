"""Exact top-N: item factors to every worker, users streamed past them in blocks."""

from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

TOP_N_SCHEMA = "user_id int, rank int, movie_id int, score double, source string"
BLOCK_BYTES = 64 * 2**20  # of scores at a time, in each worker

Matrix = NDArray[np.float64]
Ids = NDArray[np.int64]


def top_n(
    factors: DataFrame, histories: DataFrame, movies: DataFrame, n: int
) -> DataFrame:
    """Return each user's `n` best movies that the user has not rated.

    Parameters
    ----------
    factors
        `entity` 'user' or 'movie', `entity_id`, `factors`, as `train_factors` gives.
    histories
        `user_id`, `movie_ids`: what each user has rated; every user in it gets a list.
    movies
        `movie_id`, `like_count`, `rating_count`: the catalogue.
    n
        Length of a list; fewer only where the catalogue runs out.

    Returns
    -------
    DataFrame
        `user_id`, `rank` from 1, `movie_id`, `score` (the dot product, or minus the
        movie's place in popularity), `source` 'implicit_als' or 'popularity'.
    """
    catalogue = (
        movies.orderBy(F.desc("like_count"), F.desc("rating_count"), "movie_id")
        .select("movie_id")
        .toPandas()["movie_id"]
        .to_numpy(np.int64)
    )
    is_movie = factors.entity == "movie"
    item_rows = factors.where(is_movie).toPandas().set_index("entity_id")["factors"]
    has_factors = np.isin(catalogue, item_rows.index.to_numpy())
    items = np.array(item_rows.reindex(catalogue[has_factors]).to_list(), np.float64)
    width = items.shape[1] if items.size else 0
    users = histories.join(
        factors.where(~is_movie).select(F.col("entity_id").alias("user_id"), "factors"),
        "user_id",
        "left",
    )
    position = pd.Series(np.arange(len(catalogue)), index=catalogue)

    def recommend(batches: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        size = max(1, BLOCK_BYTES // (8 * max(1, len(catalogue))))
        for batch in batches:
            for start in range(0, len(batch), size):
                block = batch.iloc[start : start + size]
                scores = np.full((len(block), len(catalogue)), -np.inf)
                known = block["factors"].notna().to_numpy()
                if known.any() and width:
                    vectors = np.array(block["factors"][known].to_list(), np.float64)
                    scores[np.ix_(known, has_factors)] = vectors @ items.T
                rated = [
                    position.reindex(ids).dropna().to_numpy(np.int64)
                    for ids in block["movie_ids"]
                ]
                lists = best_unrated(scores, rated, catalogue, n)
                yield as_rows(block["user_id"].to_numpy(), lists, catalogue)

    return users.mapInPandas(recommend, TOP_N_SCHEMA)


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
    """Return the lists of a block of users as rows, one a user and rank."""
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
            "source": np.where(is_personal, "implicit_als", "popularity"),
        }
    )
