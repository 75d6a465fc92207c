"""How much ratings say of liking, as `int_preferences` has it, for anyone's ratings."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cinespark.algorithms.preferences import Preferences, places_of
from cinespark.algorithms.ratings import Floats, Ids


@dataclass(frozen=True)
class PreferenceScale:
    """What the macro `preference` is told by vars.

    Parameters
    ----------
    least, most
        The stars that say nothing of liking, and the most there are.
    exponent
        Of the share of the way between them.
    is_of_events
        1 where feedback is implicit, and the others have no meaning; else 0.
    """

    least: float
    most: float
    exponent: float
    is_of_events: float = 0.0

    def values(self, stars: Floats) -> Floats:
        """Return what ratings, or sums of events, say of liking."""
        if self.is_of_events:
            return np.asarray(np.sign(stars) * np.log2(1 + np.abs(stars)))
        share = np.maximum(stars - self.least, 0) / (self.most - self.least)
        return np.asarray(share**self.exponent)


@dataclass(frozen=True)
class Person:
    """One person's ratings.

    Parameters
    ----------
    key
        The person's, or one that no user has.
    movies
        Keys of the movies, each once, (n,); those that the catalogue does not have
        count as ratings, and no more.
    stars, times
        Of the ratings, (n,); times in any unit.
    """

    key: int
    movies: Ids
    stars: Floats
    times: Ids


def histories_of_people(
    people: Sequence[Person], catalogue: Ids, scale: PreferenceScale
) -> Preferences:
    """Return ratings of people as `history_of` returns those of a block of users.

    Returns
    -------
    Preferences
        Of the people in their order, which may have the same key.
    """
    lengths = np.array([len(person.movies) for person in people], np.int64)
    users = np.repeat(np.arange(len(people)), lengths)
    movies, times = (
        np.concatenate([np.zeros(0, np.int64), *(getattr(one, name) for one in people)])
        for name in ("movies", "times")
    )
    stars = np.concatenate([np.zeros(0), *(person.stars for person in people)])
    newer = newer_counts(users, times)
    places, is_known = np.zeros(len(movies), np.int64), np.zeros(len(movies), np.bool_)
    if len(catalogue):
        places, is_known = places_of(movies, catalogue)
    order = np.lexsort((movies, users))
    kept = order[is_known[order]]
    return Preferences(
        catalogue,
        np.zeros(len(catalogue), np.int64),
        np.array([person.key for person in people], np.int64),
        users[kept],
        places[kept],
        stars[kept],
        scale.values(stars[kept]),
        newer[kept].astype(np.float64),
        lengths[users[kept]].astype(np.float64),
    )


def newer_counts(users: Ids, times: Ids) -> Ids:
    """Return how many entries of the same user are newer than each.

    Parameters
    ----------
    users, times
        Shape (n,); users in rising order.
    """
    order = np.lexsort((times, users))
    ends = np.searchsorted(users, users, side="right")
    is_last = np.ones(len(users), np.bool_)  # of those of one user and time
    is_last[:-1] = (np.diff(users[order]) != 0) | (np.diff(times[order]) != 0)
    last = np.flatnonzero(is_last)
    newer = np.empty(len(users), np.int64)
    newer[order] = ends - 1 - last[np.searchsorted(last, np.arange(len(users)))]
    return newer
