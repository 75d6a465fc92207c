"""Which movies of a user's history a score comes from: the ranker's own sum.

A score is a sum over the user's ratings, where the ranker is made of parts that are:
EASE, co-occurrence and transitions as they are written, folded-in ALS by section 5 of
Hu, Koren and Volinsky 2008, "Collaborative filtering for implicit feedback datasets".
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from cinespark.algorithms.co_occurrence import co_occurrence_contributions
from cinespark.algorithms.ease import ease_contributions, likes_by_movie
from cinespark.algorithms.fold_in import fold_in_contributions
from cinespark.algorithms.preferences import Preferences
from cinespark.algorithms.ranker_model import (
    AskedEase,
    CoOccurrence,
    FoldedIn,
    RankerModel,
)
from cinespark.algorithms.ratings import Floats, Ids
from cinespark.algorithms.row_contributions import strongest_of_rows
from cinespark.algorithms.transitions import Transitions, transition_contributions

MOST_NAMED = 3
LEAST = 1e-9  # what adds less is rounding

# from histories, and positions (users, n) of listed movies that their users have not
# seen, what each entry adds to each place of its user's list, (entries, n)
Contributions = Callable[[Preferences, Ids], Floats]


def of_folded_in(part: FoldedIn) -> Contributions:
    """Return what adds up to the score of a folded-in vector."""

    def added(history: Preferences, listed: Ids) -> Floats:
        return fold_in_contributions(
            starts_of(history),
            history.movies,
            part.weights(history),
            listed,
            part.movie_vectors,
            part.background * part.gram,
            part.regularization,
        )

    return added


def of_ease(part: AskedEase) -> Contributions:
    """Return what adds up to the score of EASE."""
    likes = likes_by_movie(part.ease)

    def added(history: Preferences, listed: Ids) -> Floats:
        weights = part.weights(history)
        starts = starts_of(history)
        return ease_contributions(
            part.ease, likes, starts, history.movies, weights, listed
        )

    return added


def of_co_occurrence(part: CoOccurrence) -> Contributions:
    """Return what adds up to the score of co-occurrence."""
    similarity = part.similarity
    if not similarity.has_sorted_indices:  # a look-up wants them sorted
        similarity = similarity.sorted_indices()

    def added(history: Preferences, listed: Ids) -> Floats:
        return co_occurrence_contributions(
            similarity, history.movies, part.weights(history), listed[history.users]
        )

    return added


def of_transitions(part: Transitions) -> Contributions:
    """Return what adds up to the score of a transition."""

    def added(history: Preferences, listed: Ids) -> Floats:
        return transition_contributions(
            part.matrix, history.movies, part.weights(history), listed[history.users]
        )

    return added


# a part whose type is not here is no sum over the ratings
ADDITIVE: dict[type, Callable[[Any], Contributions]] = {
    FoldedIn: of_folded_in,
    AskedEase: of_ease,
    CoOccurrence: of_co_occurrence,
    Transitions: of_transitions,
}


def starts_of(history: Preferences) -> Ids:
    """Return where each user's entries start, and where the last one's end."""
    return np.searchsorted(history.users, np.arange(len(history.user_ids) + 1))


def is_additive(ranker: RankerModel) -> bool:
    """Return whether the ranker's scores are sums over the user's ratings."""
    return all(type(part) in ADDITIVE for _, part in ranker.parts)


def contributions_of(
    ranker: RankerModel,
) -> Callable[[Preferences, Ids, Floats], Floats]:
    """Return what adds up, with the constant of its user, to a score of the ranker.

    Parameters
    ----------
    ranker
        One that is additive.

    Returns
    -------
    Callable
        From histories, grouped by user, listed positions (users, n) that their users
        have not seen, and `MadeOf.factors`, to what each entry adds, (entries, n).
    """
    parts = [ADDITIVE[type(part)](part) for _, part in ranker.parts]

    def added(history: Preferences, listed: Ids, factors: Floats) -> Floats:
        total = np.zeros((len(history.users), listed.shape[1]))
        for part, factor in zip(parts, factors, strict=True):
            total += factor[history.users][:, None] * part(history, listed)
        return total

    return added


@dataclass(frozen=True)
class Reasons:
    """The movies of a user's history that add most to what the user is recommended.

    Parameters
    ----------
    movies, amounts, counts
        Positions in the catalogue and what they add, most first, both
        (users, n, MOST_NAMED), and how many there are, (users, n).
    others
        What all other movies add, (users, n).
    constants
        What the score has besides, (users,).
    scores
        The sum of it all, in double precision, (users, n).
    """

    movies: Ids
    amounts: Floats
    counts: Ids
    others: Floats
    constants: Floats
    scores: Floats


def reasons_of(history: Preferences, added: Floats, constants: Floats) -> Reasons:
    """Return the reasons of listed movies.

    Named is what adds more than rounding, of the movies that the user likes at all.

    Parameters
    ----------
    history
        Grouped by user.
    added
        As `contributions_of` gives it, (entries, n).
    constants
        As MadeOf has them, (users,).
    """
    shape = len(constants), added.shape[1]
    rows = shape[0] * shape[1]
    entries = np.zeros((rows, MOST_NAMED), np.int64)
    amounts = np.zeros((rows, MOST_NAMED))
    counts, others = np.zeros(rows, np.int64), np.zeros(shape)
    ids = history.catalogue[history.movies].astype(np.int64)
    starts = starts_of(history)
    strongest_of_rows(
        starts, history.values, ids, added, LEAST, entries, amounts, counts, others
    )
    amounts[np.arange(MOST_NAMED) >= counts[:, None]] = 0.0
    named = amounts.reshape(*shape, MOST_NAMED)
    movies = history.movies[entries] if len(history.movies) else entries
    return Reasons(
        movies.reshape(named.shape),
        named,
        counts.reshape(shape),
        others,
        constants,
        named.sum(axis=2) + others + constants[:, None],
    )
