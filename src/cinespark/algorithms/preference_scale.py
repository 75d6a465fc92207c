"""How much ratings say of liking, as `int_preferences` has it, for anyone's ratings."""

from dataclasses import dataclass

import numpy as np

from cinespark.algorithms.preferences import Preferences
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


def history_of_person(
    movies: Ids,
    stars: Floats,
    times: Ids,
    catalogue: Ids,
    scale: PreferenceScale,
    user_key: int,
) -> Preferences:
    """Return one person's ratings as `history_of` returns those of a block of users.

    Parameters
    ----------
    movies
        Keys of the movies, each once, (n,); those that the catalogue does not have
        count as ratings, and no more.
    stars, times
        Of the ratings, (n,); times in any unit.
    user_key
        The person's, or one that no user has.
    """
    order = np.argsort(movies)
    movies, stars, times = movies[order], stars[order], times[order]
    newer = len(times) - np.searchsorted(np.sort(times), times, side="right")
    by_id = np.argsort(catalogue)
    place = np.searchsorted(catalogue, movies, sorter=by_id)
    places = by_id[np.minimum(place, len(catalogue) - 1)] if len(by_id) else place
    is_known = np.zeros(len(movies), bool)
    if len(by_id):
        is_known = catalogue[places] == movies
    count = int(is_known.sum())
    return Preferences(
        catalogue,
        np.zeros(len(catalogue), np.int64),
        np.array([user_key], np.int64),
        np.zeros(count, np.int64),
        places[is_known],
        stars[is_known],
        scale.values(stars[is_known]),
        newer[is_known].astype(np.float64),
        np.full(count, float(len(movies))),
    )
