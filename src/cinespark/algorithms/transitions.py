"""What comes next: ridge regression from a user's decayed past to the decayed future.

The transitions of Choi et al. 2021, "Session-aware linear item-item models for
session-based recommendation".
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import scipy.linalg
from numpy.typing import NDArray

from cinespark.algorithms.preferences import Preferences
from cinespark.algorithms.ratings import Floats, Ids
from cinespark.algorithms.row_transitions import sums_of_pairs
from cinespark.errors import CineSparkError

REACH = 60  # times that a past or a future is cut at
LEAST_WEIGHT = 0.01  # and where a decay has left less than this
LEAST_LIKES = 5  # of which it may be learnt what comes before and after a movie
CELLS = 2_000_000  # of the sums that a thread holds at a time


@dataclass(frozen=True)
class TransitionParams:
    """Settings of one transition.

    Parameters
    ----------
    past
        δ, what is left of a rating with each later time of the user.
    future
        φ, the same into the future; 0 for the next time alone.
    ridge
        λ.

    Raises
    ------
    CineSparkError
        If a decay is not from 0 to 1, or the ridge not above 0.
    """

    past: float
    future: float
    ridge: float

    def __post_init__(self) -> None:
        if not (0 <= self.past <= 1 and 0 <= self.future <= 1 and self.ridge > 0):
            raise CineSparkError(
                f"the var `transitions` has one with past {self.past}, future "
                f"{self.future} and ridge {self.ridge}: past and future are from 0 to "
                "1, and a ridge is above 0"
            )


def decayed(decay: float) -> Floats:
    """Return the powers of a decay, from the 0-th until it leaves hardly anything."""
    powers = decay ** np.arange(REACH, dtype=np.float64)
    return powers[powers >= LEAST_WEIGHT]


def steps_of(users: Ids, newer_counts: Floats) -> tuple[Ids, Ids]:
    """Return how many times of its user are later than each rating's.

    Returns
    -------
    tuple
        These steps, and how many ratings of the user are of the rating's time.
    """
    order = np.lexsort((newer_counts, users))
    users, newer = users[order], newer_counts[order]
    is_first = np.diff(users, prepend=-1) != 0
    is_new = is_first | (np.diff(newer, prepend=-1) != 0)
    group = np.cumsum(is_new) - 1
    steps, alike = np.empty((2, len(order)), np.int64)
    steps[order] = group - np.maximum.accumulate(np.where(is_first, group, 0))
    alike[order] = np.bincount(group, minlength=1)[group]
    return steps, alike


def past_weights(history: Preferences, size: int, past: float) -> Floats:
    """Return how much each rating counts in xₙ, 0 for movies that are not covered.

    w_j δᵏ / √m, where k times of the user are later than that of the rating and m
    ratings are of it, of the ratings of the first `size` movies alone.
    """
    is_covered = history.movies < size
    steps, alike = steps_of(history.users[is_covered], history.newer_counts[is_covered])
    powers = np.append(decayed(past), 0.0)  # what is older does not count
    weights = np.zeros(len(history.movies))
    weights[is_covered] = powers[np.minimum(steps, len(powers) - 1)] / np.sqrt(alike)
    return weights * history.values


@dataclass(frozen=True)
class Transitions:
    """What comes next after the user's decayed past, 0 for movies not covered.

    All 0 for users who have rated nothing lately that is covered: the other parts of
    the ranker score for them.

    Parameters
    ----------
    matrix
        B, (movies, movies), of the first movies of the catalogue.
    past
        What is left of a rating with each later time of the user.
    """

    matrix: NDArray[np.float32]
    past: float

    def weights(self, history: Preferences) -> Floats:
        """Return how much each rating counts."""
        return past_weights(history, len(self.matrix), self.past)

    def scores(self, history: Preferences) -> Floats:
        size = len(self.matrix)
        asked = history.matrix(self.weights(history))[:, :size]
        scores = np.zeros((len(history.user_ids), len(history.catalogue)))
        scores[:, :size] = asked.astype(np.float32) @ self.matrix
        return scores


def covered_movies(preferences: Preferences, most: int) -> int:
    """Return of how many of the most liked movies transitions are learnt."""
    return min(most, int((preferences.like_counts >= LEAST_LIKES).sum()))


def fit_transitions(
    preferences: Preferences, size: int, params: TransitionParams, threads: int
) -> NDArray[np.float32]:
    """Return B = (XᵀX + λI)⁻¹ XᵀY, (movies, movies), of the first `size` movies.

    A user's ratings are at the times t = 1…n, one after the other, however long it is
    between them. What the user rates at t is g_t = Σ w_j e_j / √m, over the m ratings
    of that time, w_j what the rating says of liking and e_j the unit vector of its
    movie. Ratings of one time have no order: they are one step, none of them comes
    before another, and many of them are as long a vector as one. For each t < n there
    is a row

        x_t = Σ_{k ≥ 0} δᵏ g_{t−k}    and    y_t = Σ_{k ≥ 0} φᵏ g_{t+1+k},

    cut where δᵏ or φᵏ is below LEAST_WEIGHT, and at REACH times. XᵀX and XᵀY are sums
    over pairs of ratings: whose times a ≤ b are d apart are both past at the times from
    b on, Σᵤ δ^(d + 2u), and past and future of those from a to b − 1,
    Σᵤ δᵘ φ^(d − 1 − u). Ratings of other movies are left out beforehand.

    Parameters
    ----------
    threads
        Blocks of movies that are added up at a time; the result does not depend on it.

    Raises
    ------
    CineSparkError
        If λ is too small for single precision.
    """
    gram, cross = sums_of_histories(preferences, size, params, threads)
    gram[np.diag_indices(size)] += np.float32(params.ridge)
    try:
        # the transpose of a symmetric matrix is the same, and by columns as LAPACK is
        factor = scipy.linalg.cho_factor(gram.T, overwrite_a=True, check_finite=False)
    except np.linalg.LinAlgError as error:
        raise CineSparkError(
            f"a transition with the ridge {params.ridge} has no unique solution: set "
            "it higher in the var `transitions`"
        ) from error
    solved = scipy.linalg.cho_solve(factor, cross, check_finite=False)
    return np.ascontiguousarray(solved)


def sums_of_histories(
    preferences: Preferences, size: int, params: TransitionParams, threads: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return XᵀX and XᵀY as `fit_transitions` defines them, in single precision."""
    is_covered = preferences.movies < size
    users, movies = preferences.users[is_covered], preferences.movies[is_covered]
    steps, alike = steps_of(users, preferences.newer_counts[is_covered])
    order = np.lexsort((movies, -steps, users))
    users, movies, steps = users[order], movies[order], steps[order]
    values = (preferences.values[is_covered] / np.sqrt(alike))[order]
    places = np.argsort(movies, kind="stable")
    starts = np.append(0, np.cumsum(np.bincount(movies, minlength=size)))
    past, future = decayed(params.past), decayed(params.future)
    of_past = sums_of_pasts(past)
    of_future = np.append(0.0, np.convolve(past, future))
    gram, cross = np.empty((2, size, size), np.float32)
    some = max(1, CELLS // max(1, size))

    def rows_from(first: int) -> None:
        past_sums, future_sums = np.zeros((2, min(some, size - first), size))
        sums_of_pairs(
            first,
            past_sums,
            future_sums,
            starts,
            places,
            users,
            movies.astype(np.int32),
            steps,
            values,
            of_past,
            of_future,
        )
        gram[first : first + some] = past_sums
        cross[first : first + some] = future_sums

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(rows_from, range(0, size, some)))
    return gram, cross


def sums_of_pasts(past: Floats) -> Floats:
    """Return δᵈ Σ_{u < n} δ²ᵘ by d and n, where u + d is below the reach."""
    reach = len(past)
    sums = np.append(0.0, np.cumsum(past**2))
    times = np.minimum(np.arange(reach + 1), reach - np.arange(reach)[:, None])
    return np.asarray(past[:, None] * sums[times])


def transition_contributions(
    matrix: NDArray[np.float32], movies: Ids, weights: Floats, listed: Ids
) -> Floats:
    """Return what each rating adds to the score of listed movies, x_j B_ji.

    Parameters
    ----------
    matrix
        B.
    movies, weights
        j and x_j, (entries,).
    listed
        i, (entries, n).

    Returns
    -------
    ndarray
        (entries, n) in double precision; 0 where B does not have the movie.
    """
    size = len(matrix)
    is_covered = (movies[:, None] < size) & (listed < size)
    rows, columns = (
        np.where(is_covered, places, 0) for places in (movies[:, None], listed)
    )
    found = np.zeros(listed.shape)
    if size:
        found = weights[:, None] * matrix[rows, columns].astype(np.float64)
    return np.where(is_covered, found, 0.0)
