"""Which movies are rated soon after which: a directed, time-aware item similarity."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from cinespark.algorithms.preferences import Preferences

LEAST_WEIGHT = 0.01  # pairs that would weigh less are left out
RATINGS_A_BLOCK = 200_000  # whose pairs are held at a time


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
    preferences: Preferences, params: CoOccurrenceParams
) -> sparse.csr_array:
    """Return a similarity (movies, movies) from one movie to those rated after it.

    Σ over users of v_i v_j ½^(distance in positions / half-life), times `backward`
    where j comes before i, over rowsum^a · colsum^(1 − a) + shrinkage, with v the
    preferences.

    Parameters
    ----------
    preferences
        Ratings of the same time are put in an order that has nothing to do with them.
    """
    size = min(params.movies, len(preferences.catalogue))
    taking_part = preferences.movies < size
    users, movies = preferences.users[taking_part], preferences.movies[taking_part]
    newer = preferences.newer_counts[taking_part]
    shuffled = np.random.default_rng(0).permutation(size)
    order = np.lexsort((shuffled[movies], -newer, users))
    users, movies = users[order], movies[order]
    liked = preferences.values[taking_part][order]
    reach = int(np.ceil(params.half_life * np.log2(1 / LEAST_WEIGHT)))
    total = sparse.csr_array((size, size))
    for start in range(0, len(users), RATINGS_A_BLOCK):
        first = slice(start, start + RATINGS_A_BLOCK)
        found = []
        for distance in range(1, reach):
            end = max(start, min(first.stop, len(users) - distance))
            one, two = slice(start, end), slice(start + distance, end + distance)
            same = users[one] == users[two]
            weight = 0.5 ** (distance / params.half_life)
            values = (liked[one] * liked[two])[same] * weight
            found.append((values, movies[one][same], movies[two][same]))
        values, before, after = (
            np.concatenate(part) for part in zip(*found, strict=True)
        )
        total = total + sparse.csr_array((values, (before, after)), (size, size))
    total = total + params.backward * total.T.tocsr()
    rows = total.sum(axis=1) ** params.source_power
    columns = total.sum(axis=0) ** (1 - params.source_power)
    pairs = total.tocoo()
    norm = rows[pairs.row] * columns[pairs.col] + params.shrinkage
    return sparse.csr_array((pairs.data / norm, (pairs.row, pairs.col)), (size, size))
