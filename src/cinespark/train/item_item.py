"""Parts of the blend that go from movies to movies, in memory."""

from cinespark.algorithms.co_occurrence import CoOccurrenceParams, co_occurrence
from cinespark.algorithms.ease import fit_ease
from cinespark.algorithms.ranker_model import AskedEase, CoOccurrence
from cinespark.algorithms.transitions import (
    TransitionParams,
    Transitions,
    covered_movies,
    fit_transitions,
)
from cinespark.train.declarations import RankerInput
from cinespark.train.memory import THREADS, reserved


def asked_ease(given: RankerInput) -> AskedEase:
    """Return the part that asks EASE, fitted on the most liked movies."""
    preferences, params = given.preferences, given.parameters["ease"]
    size = min(params["movies"], len(preferences.catalogue))
    few = min(size, len(preferences.user_ids))
    with reserved(
        # the matrix that is inverted and its copies, or both parts of its inverse
        4 * 4 * few * size + 60 * len(preferences.stars),
        f"ease of {size:,} movies",
        f"set the var `item_item_movies` below {size}",
    ):
        likes = preferences.matrix(preferences.values)[:, :size]
        ease = fit_ease(likes, given.blend.ease_ridge, THREADS)
    return AskedEase(ease, given.blend.ease_half_life, params["floor"])


def rated_after(given: RankerInput) -> CoOccurrence:
    """Return the part that knows which movies are rated soon after which."""
    preferences = given.preferences
    params = CoOccurrenceParams(**given.parameters["co_occurrence"])
    size = min(params.movies, len(preferences.catalogue))
    pairs = min(size**2, 14 * params.half_life * len(preferences.stars))
    with reserved(
        4 * 16 * pairs,  # the sum, its transpose, and the result
        f"co_occurrence of {size:,} movies",
        f"set the var `item_item_movies` below {size}",
    ):
        return CoOccurrence(co_occurrence(preferences, params, THREADS))


def what_comes_next(given: RankerInput, params: TransitionParams) -> Transitions:
    """Return the part that knows what users go on to after what they rated lately."""
    preferences = given.preferences
    size = covered_movies(preferences, given.parameters["transitions"]["movies"])
    with reserved(
        # two sums of products, and the solution by columns and by rows
        4 * 4 * size**2 + 60 * len(preferences.stars),
        f"transitions of {size:,} movies",
        f"set the var `item_item_movies` below {size}",
    ):
        matrix = fit_transitions(preferences, size, params, THREADS)
    return Transitions(matrix, params.past)
