"""The movies most like each movie, by ratings and by content, in blocks of movies."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from cinespark.algorithms.ratings import Floats, Ids
from cinespark.algorithms.row_scores import most_similar

PAIRS = 2**16  # whose vectors are multiplied at a time
BLOCK_CELLS = 2**22  # of a similarity that a thread holds at a time


@dataclass(frozen=True)
class Movies:
    """What is known of movies.

    Parameters
    ----------
    ids
        In rising order, (n,).
    by_ratings, by_content
        Vectors of length 1, or 0 where nothing is known, (n, factors) and (n, d).
    rating_counts
        Shape (n,).
    """

    ids: Ids
    by_ratings: Floats
    by_content: Floats
    rating_counts: Ids


@dataclass(frozen=True)
class Mixture:
    """How both similarities are mixed.

    Parameters
    ----------
    share
        Of the similarity by ratings where it rests on many; the other one has the rest.
    prior
        Ratings at which it counts half of that.
    """

    share: float
    prior: float


@dataclass(frozen=True)
class Neighbours:
    """The most similar movies of each movie, one entry per pair, best first.

    Parameters
    ----------
    movies, neighbours
        Positions.
    ranks
        From 1.
    similarity
        weight · by_ratings + (1 − share) · by_content.
    by_ratings, by_content
        The cosines, NaN where nothing is known of one of both.
    weights
        Of the cosine by ratings: share · n / (n + prior), with the fewer ratings n; 0
        where it is not known.
    """

    movies: Ids
    neighbours: Ids
    ranks: Ids
    similarity: Floats
    by_ratings: Floats
    by_content: Floats
    weights: Floats


def unit_vectors(vectors: Floats) -> Floats:
    """Return vectors with length 1, or 0 where they are 0 or not known."""
    known = np.nan_to_num(vectors)
    lengths = np.linalg.norm(known, axis=1, keepdims=True)
    return np.asarray(
        np.divide(known, lengths, out=np.zeros(known.shape), where=lengths > 0)
    )


def neighbours_of(
    movies: Movies, mixture: Mixture, most: int, threads: int
) -> Neighbours:
    """Return the `most` movies most like each, of those with a similarity above 0.

    The similarity by ratings is shrunken towards 0 as in Koren 2008, Factorization
    meets the neighborhood. Similarities are rounded to six decimals before they are
    compared, since sums of the same numbers differ in their last digits between places
    of a matrix; ties go by id.

    Parameters
    ----------
    threads
        Blocks that are worked out at a time; the result does not depend on it.
    """
    size = len(movies.ids)
    counts = movies.rating_counts.astype(np.float64)
    total = np.maximum(counts + mixture.prior, 1e-12)
    weights = mixture.share * counts / total
    best = np.zeros((size, most), np.int64)
    scores = np.zeros((size, most))
    lengths = np.zeros(size, np.int64)
    some = max(1, BLOCK_CELLS // max(1, size))

    def work(first: int) -> None:
        block = slice(first, first + some)
        by_ratings = movies.by_ratings[block] @ movies.by_ratings.T
        by_content = movies.by_content[block] @ movies.by_content.T
        by_content *= 1 - mixture.share
        found = best[block], scores[block], lengths[block]
        most_similar(first, by_ratings, by_content, weights, movies.ids, *found)

    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(work, first) for first in range(0, size, some)]:
            done.result()
    is_there = np.arange(most) < lengths[:, None]
    one, rank = np.nonzero(is_there)
    other = best[is_there]
    is_rated, is_said = (
        is_known[one] & is_known[other]
        for is_known in (
            np.asarray(movies.by_ratings.any(axis=1)),
            np.asarray(movies.by_content.any(axis=1)),
        )
    )
    return Neighbours(
        one,
        other,
        rank + 1,
        scores[is_there],
        np.where(is_rated, cosines(movies.by_ratings, one, other), np.nan),
        np.where(is_said, cosines(movies.by_content, one, other), np.nan),
        np.where(is_rated, np.minimum(weights[one], weights[other]), 0),
    )


def cosines(vectors: Floats, one: Ids, other: Ids) -> Floats:
    """Return the dot products of pairs of vectors of length 1, from -1 to 1."""
    products = [
        np.einsum("pf,pf->p", vectors[one[part]], vectors[other[part]])
        for part in np.split(np.arange(len(one)), range(PAIRS, len(one), PAIRS))
    ]
    return np.asarray(np.clip(np.concatenate([np.zeros(0), *products]), -1, 1))
