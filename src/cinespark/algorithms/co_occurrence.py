"""Which movies are rated soon after which: a directed, time-aware item similarity."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from cinespark.algorithms.preferences import Preferences
from cinespark.algorithms.ratings import Floats, Ids
from cinespark.algorithms.row_sums import add_entries, add_rows, pairs_in_reach

LEAST_WEIGHT = 0.01  # pairs that would weigh less are left out
CELLS = 2_000_000  # of the similarity that a thread holds before zeros are left out


@dataclass(frozen=True)
class CoOccurrenceParams:
    """Settings of the similarity.

    Parameters
    ----------
    half_life
        Ratings between two movies at which the pair counts half.
    backward
        What a pair counts against the order of time.
    source_power
        a in the normalization rowsum^a · colsum^(1 − a).
    shrinkage
        Added to the normalization.
    movies
        Only so many of the most liked movies take part.
    """

    half_life: float
    backward: float
    source_power: float
    shrinkage: float
    movies: int


def co_occurrence(
    preferences: Preferences, params: CoOccurrenceParams, threads: int
) -> sparse.csr_array:
    """Return a similarity (movies, movies) from one movie to those rated after it.

    In single precision, as it is published.
    Σ over users of v_i v_j ½^(distance in positions / half-life), times `backward`
    where j comes before i, over rowsum^a · colsum^(1 − a) + shrinkage, with v the
    preferences, at least 0.

    Parameters
    ----------
    preferences
        Ratings of the same time are put in an order that has nothing to do with them.
    threads
        Blocks of movies that are added up at a time; the result does not depend on it.
    """
    size = min(params.movies, len(preferences.catalogue))
    taking_part = preferences.movies < size
    users, movies = preferences.users[taking_part], preferences.movies[taking_part]
    newer = preferences.newer_counts[taking_part]
    shuffled = np.random.default_rng(0).permutation(size)
    order = np.lexsort((shuffled[movies], -newer, users))
    users, movies = users[order], movies[order]
    liked = np.maximum(preferences.values[taking_part][order], 0)
    reach = int(np.ceil(params.half_life * np.log2(1 / LEAST_WEIGHT)))
    weights = 0.5 ** (np.arange(reach) / params.half_life)
    places = np.argsort(movies, kind="stable")
    starts = np.append(0, np.cumsum(np.bincount(movies, minlength=size)))
    after = movies.astype(np.int32)
    some = max(1, CELLS // max(1, size))

    def rows_from(first: int) -> sparse.csr_array:
        found = np.zeros((min(some, size - first), size))
        given = starts, places, users, after, liked, weights, params.backward
        pairs_in_reach(first, found, *given)
        return sparse.csr_array(found)

    with ThreadPoolExecutor(threads) as pool:
        parts = list(pool.map(rows_from, range(0, size, some)))
    total = sparse.vstack([*parts, sparse.csr_array((0, size))], format="csr")
    rows = total.sum(axis=1) ** params.source_power
    columns = total.sum(axis=0) ** (1 - params.source_power)
    pairs = total.tocoo()
    norm = rows[pairs.row] * columns[pairs.col] + params.shrinkage
    similarity = (pairs.data / norm).astype(np.float32)
    return sparse.csr_array((similarity, (pairs.row, pairs.col)), (size, size))


def co_occurrence_scores(
    similarity: sparse.csr_array, asked: sparse.csr_array, movies: int
) -> Floats:
    """Return Σ w_j S_ji of each user and movie i, 0 where S does not have the movie.

    Parameters
    ----------
    similarity
        S, in single precision.
    asked
        w, (users, movies of S).
    movies
        Of the catalogue.

    Returns
    -------
    ndarray
        (users, movies).
    """
    scores = np.zeros((asked.shape[0], movies))
    add_rows(scores, *arrays_of(asked, np.float64), *arrays_of(similarity, np.float32))
    return scores


def arrays_of(
    matrix: sparse.csr_array, kind: type[np.floating[Any]]
) -> tuple[Ids, NDArray[np.int32], NDArray[Any]]:
    """Return a CSR matrix as the arrays that loops take, in this precision."""
    starts = matrix.indptr.astype(np.int64, copy=False)
    columns = matrix.indices.astype(np.int32, copy=False)
    return starts, columns, matrix.data.astype(kind, copy=False)


def co_occurrence_contributions(
    similarity: sparse.csr_array, movies: Ids, weights: Floats, listed: Ids
) -> Floats:
    """Return what each rating adds to the score of listed movies, w_j S_ji.

    Parameters
    ----------
    similarity
        S, its indices sorted.
    movies, weights
        j and w_j, (entries,).
    listed
        i, (entries, n).

    Returns
    -------
    ndarray
        (entries, n); 0 where S does not have the movie.
    """
    added = np.zeros(listed.shape)
    add_entries(
        *arrays_of(similarity, np.float32),
        movies.astype(np.int64, copy=False),
        weights,
        np.ascontiguousarray(listed, np.int64),
        added,
    )
    return added
