"""The best movies by products of vectors, most of them worked out in single precision.

A product in single precision is off by a known bound at most. So it tells, with twice
the bound to spare, which few movies may be among the best; products in double precision
put these in order. The lists are those of the whole catalogue in double precision.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from cinespark.algorithms.best_unrated import best_unrated
from cinespark.algorithms.ratings import Floats, Ids
from cinespark.algorithms.row_products import best_of_candidates, keep_candidates

# whose products are in a processor's cache at a time
USERS, MOVIES = 512, 512
SPARE = 64  # candidates of a user for whom there is place, beside four times n
CELLS = 2**20  # products in double precision that are held at a time
ROUNDING = 2.0**-24  # relative error of rounding to single precision
FAR = 2.0**400  # with numbers above, or below its inverse, nothing is known of errors

Flags = NDArray[np.bool_]
Lists = tuple[Ids, Floats, Ids]
Short = NDArray[np.float32]


@dataclass(frozen=True)
class Movies:
    """The movies of the catalogue, and their vectors in single precision.

    Parameters
    ----------
    catalogue
        Ids, most popular first.
    vectors
        Shape (movies, factors).
    has_score
        Which of them count, (movies,).
    rounded
        Those up to the last one that counts, times one power of two.
    longest
        Length of the longest of these; infinite where they are too large or small.
    """

    catalogue: Ids
    vectors: Floats
    has_score: Flags
    rounded: Short
    longest: float


def best_products(
    users: Floats,
    vectors: Floats,
    rated: sparse.csr_array,
    catalogue: Ids,
    is_liked: Flags,
    n: int,
) -> Lists:
    """Return each user's best positions in the catalogue, with their scores.

    Parameters
    ----------
    users, vectors
        Shapes (users, factors) and (movies, factors): a score is the product of two.
        Where one of them is not finite there is none.
    rated
        With an entry for each movie that must not come back, (users, movies).
    catalogue
        Movie ids, most popular first.
    is_liked
        Which movies have a score, (movies,).
    n
        Length of a list.

    Returns
    -------
    tuple
        As `best_unrated` returns it.
    """
    shape = len(users), min(n, len(catalogue))
    best, scores = np.zeros(shape, np.int64), np.zeros(shape)
    lengths = np.zeros(len(users), np.int64)
    if not best.size:
        return best, scores, lengths
    rated.sort_indices()
    movies = movies_of(vectors, catalogue, is_liked)
    for first in range(0, len(users), USERS):
        some = slice(first, min(first + USERS, len(users)))
        block = np.ascontiguousarray(users[some], np.float64)
        fill_in(block, movies, rated[some], (best[some], scores[some], lengths[some]))
    return best, scores, lengths


def movies_of(vectors: Floats, catalogue: Ids, is_liked: Flags) -> Movies:
    """Return the movies as lists of any users need them."""
    is_finite = np.asarray(np.isfinite(vectors).all(axis=1))
    has_score = is_liked & is_finite
    size = np.flatnonzero(has_score).max(initial=-1) + 1
    short, is_far = rounded(np.where(is_finite[:, None], vectors, 0.0)[:size], None)
    longest = np.inf if is_far.any() else lengths_of(short).max(initial=0.0)
    return Movies(
        catalogue.astype(np.int64, copy=False),
        np.ascontiguousarray(vectors, np.float64),
        has_score,
        short,
        float(longest),
    )


def fill_in(
    users: Floats, movies: Movies, seen: sparse.csr_array, lists: Lists
) -> None:
    """Put the lists of a block of users into arrays for them."""
    is_known = np.asarray(np.isfinite(users).all(axis=1))
    short, is_far = rounded(np.where(is_known[:, None], users, 0.0), axis=1)
    margins = 2 * error(users.shape[1]) * lengths_of(short) * min(movies.longest, FAR)
    margins[is_far[:, 0] | np.isinf(movies.longest)] = np.inf  # each may be the best
    margins[~is_known] = np.nan  # and here none
    starts = seen.indptr.astype(np.int64)
    columns = seen.indices.astype(np.int32, copy=False)
    n = lists[0].shape[1]
    found = candidates(short, movies, margins.astype(np.float32), starts, columns, n)
    given = starts, columns, users, movies.vectors, movies.catalogue
    best_of_candidates(*given, *found, *lists)
    # where too many are near the best, as with equal vectors, all are worked out
    kept, _, counts, _ = found
    remaining = np.flatnonzero(counts > kept.shape[1])
    size = max(1, CELLS // len(movies.catalogue))
    for first in range(0, len(remaining), size):
        places = remaining[first : first + size]
        scores = users[places] @ movies.vectors.T
        scores[:, ~movies.has_score] = -np.inf
        scores[~np.isfinite(scores)] = -np.inf
        exact = best_unrated(scores, seen[places], movies.catalogue, n)
        for mine, part in zip(lists, exact, strict=True):
            mine[places] = part


def candidates(
    users: Short,
    movies: Movies,
    margins: Short,
    starts: Ids,
    columns: NDArray[np.int32],
    n: int,
) -> tuple[NDArray[np.int32], Short, Ids, Short]:
    """Return the movies that may be among the best `n` of each user.

    Parameters
    ----------
    margins
        How much two scores in single precision may be off together, (users,).
    starts, columns
        What each user has seen, as a CSR matrix with sorted indices.

    Returns
    -------
    tuple
        The movies and their scores, both (users, most); how many there are, (users,),
        most + 1 if there is no place for them; and what the scores of those that count
        are at least, (users,).
    """
    shape = len(users), 4 * n + SPARE
    kept, kept_scores = np.empty(shape, np.int32), np.empty(shape, np.float32)
    counts, places = np.zeros(len(users), np.int64), starts[:-1].copy()
    highest = np.full((len(users), n), -np.inf, np.float32)
    memory = np.empty(len(users) * MOVIES, np.float32)
    for first in range(0, len(movies.rounded), MOVIES):
        vectors = movies.rounded[first : first + MOVIES]
        size = len(users) * len(vectors)
        tile = memory[:size].reshape(len(users), len(vectors))
        np.matmul(users, vectors.T, out=tile)
        keep_candidates(
            first,
            starts,
            columns,
            movies.has_score,
            margins,
            places,
            tile,
            highest,
            kept,
            kept_scores,
            counts,
        )
    return kept, kept_scores, counts, highest[:, -1] - margins


def rounded(vectors: Floats, axis: int | None) -> tuple[Short, Flags]:
    """Return vectors in single precision, and where they are too large or too small.

    Parameters
    ----------
    vectors
        Shape (rows, factors). They are multiplied by powers of two first, so that
        their largest number is about 1.
    axis
        1 for a power of each row, None for one of all of them.

    Returns
    -------
    tuple
        Shapes (rows, factors), 0 where it cannot be done, and (rows, 1) or (1, 1).
    """
    largest = np.asarray(np.abs(vectors).max(axis=axis, keepdims=True, initial=0.0))
    is_far = (largest > FAR) | ((largest < 1 / FAR) & (largest > 0))
    _, powers = np.frexp(np.where(is_far, 1.0, largest))
    scaled = np.where(is_far, 0.0, vectors) * np.ldexp(1.0, -powers)
    return scaled.astype(np.float32), is_far


def lengths_of(vectors: Short) -> Floats:
    """Return the length of each row."""
    wide = vectors.astype(np.float64)
    return np.asarray(np.sqrt(np.einsum("uf,uf->u", wide, wide)))


def error(factors: int) -> float:
    """Return how much a product of vectors of length 1 is off in single precision.

    Added up in any order: Higham 2002, "Accuracy and Stability of Numerical
    Algorithms", section 3.1, with some more for rounding the vectors, this bound and
    what is subtracted from a score.
    """
    return factors * ROUNDING / (1 - factors * ROUNDING) + 8 * ROUNDING
