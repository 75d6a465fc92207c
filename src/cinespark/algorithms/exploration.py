"""A chance for new movies: which places of lists are theirs, and which movies come."""

import numpy as np
from numpy.typing import NDArray

from cinespark.algorithms.ratings import Floats, Ids

MIX = np.uint64(0x9E3779B97F4A7C15)


def open_places(user_ids: Ids, n: int, share: float, seed: int) -> NDArray[np.int32]:
    """Return 1 for each place of users' lists that is for a new movie, (users, n).

    Each by itself with a chance of `share`, by a hash: the same in every build.
    """
    chances = uniform(user_ids[:, None], -1 - np.arange(n)[None, :], seed)
    return (chances < share).astype(np.int32)


def drawn(
    fit: Floats,
    may_come: NDArray[np.bool_],
    user_ids: Ids,
    catalogue: Ids,
    n: int,
    seed: int,
) -> Ids:
    """Return movies drawn for each user, without replacement, shape (users, ≤ 2 n).

    A movie's chance grows with exp(z), where z is how well it fits the user, with mean
    0 and deviation 1 over all that may come, or 0 where nothing is known of the user.
    By the Gumbel-max trick (Yellott 1977) on a hash of user and movie, so that a build
    repeats.

    Parameters
    ----------
    fit
        Shape (users, movies), NaN for users of whom nothing is known.
    may_come
        Which movies of the catalogue are drawn from.
    n
        Length of a list: twice as many are drawn, since a quota may refuse some.
    """
    places = np.flatnonzero(may_come)
    fits = fit[:, places]
    known = np.where(np.isfinite(fits), fits, 0)
    means, deviations = (
        (one(known, axis=1, keepdims=True) for one in (np.mean, np.std))
        if len(places)
        else (0.0, 1.0)
    )
    z = (known - means) / np.where(deviations > 1e-12, deviations, np.inf)
    chances = uniform(user_ids[:, None], catalogue[places][None, :], seed)
    order = np.argsort(-(z - np.log(-np.log(chances))), axis=1, kind="stable")
    return np.ascontiguousarray(places[order[:, : 2 * n]].astype(np.int64))


def uniform(users: Ids, others: Ids, seed: int) -> Floats:
    """Return numbers between 0 and 1, neither of them, for pairs of integers.

    By the finalizer of SplitMix64 (Steele, Lea and Flood 2014), twice.
    """
    with np.errstate(over="ignore"):
        state = mixed(users.astype(np.uint64) * MIX + np.uint64(seed & (2**63 - 1)))
        state = mixed(state + others.astype(np.uint64) * MIX)
    return (np.asarray(state >> np.uint64(11), np.float64) + 0.5) * 2.0**-53


def mixed(state: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return 64 bits mixed, each of them by all."""
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(state ^ (state >> np.uint64(31)))
