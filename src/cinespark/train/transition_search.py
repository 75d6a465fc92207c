"""Which transitions join the blend, judged by the users of the validation rows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from cinespark.algorithms.preferences import Preferences
from cinespark.algorithms.ranker_model import RankerModel
from cinespark.algorithms.ratings import Floats
from cinespark.algorithms.row_gains import ndcg_of_sums
from cinespark.algorithms.row_moments import leave_opinions
from cinespark.algorithms.standard_scores import add_standard_scores
from cinespark.algorithms.transitions import TransitionParams, covered_movies
from cinespark.train.declarations import Blend, RankerInput, Transition
from cinespark.train.item_item import what_comes_next
from cinespark.train.memory import reserved
from cinespark.train.rankers import fit_blend

Block = tuple[Preferences, NDArray[np.bool_]]  # histories, and what is relevant
BEYOND_CHANCE = 1.96  # standard errors


@dataclass(frozen=True)
class Candidate:
    """A transition that may join, with its scores of movies that it covers, by block.

    Parameters
    ----------
    scores
        Each (users, covered movies).
    """

    params: TransitionParams
    scores: Sequence[NDArray[np.float32]]


@dataclass(frozen=True)
class Asked:
    """A block of users, and how a blend scores for them.

    Parameters
    ----------
    seen
        With an entry for each movie that a user has seen, (users, movies).
    relevant, total
        Of the same shape; the total is -inf where a movie must not come.
    """

    seen: sparse.csr_array
    relevant: NDArray[np.bool_]
    total: Floats


def with_transitions(
    blend: Blend,
    blocks: Sequence[Block],
    given: RankerInput,
    settings: Sequence[TransitionParams],
    shares: Sequence[float],
    k: int,
) -> tuple[Blend, list[tuple[Blend, float]]]:
    """Return a blend with the transitions that join it, and all tried with their NDCG.

    One at a time joins, with the weight with which the mean NDCG@k of the users is
    best, and only if it `is_ahead` of the blend before.

    Parameters
    ----------
    blend
        Without transitions.
    settings
        Of those that may join, each once at most.
    shares
        Weights that are tried, as shares of the weights of all parts before.
    """
    covered = covered_movies(
        given.preferences, given.parameters["transitions"]["movies"]
    )
    users = sum(len(relevant) for _, relevant in blocks)
    tried: list[tuple[Blend, float]] = []
    if not settings or not covered:
        return blend, tried
    with reserved(
        users * (16 * len(given.preferences.catalogue) + 4 * covered * len(settings)),
        f"trying {len(settings)} transitions of {covered:,} movies",
        f"set the var `item_item_movies` below {covered}, or `blend_users` lower",
    ):
        model = fit_blend(replace(given, blend=blend))
        asked = [scored(model, *block) for block in blocks]
        left = [candidate(one, blocks, given, covered) for one in settings]
        now = ndcg_with(left[0], asked, [0.0], k)[:, 0]
        while left:
            weights = [share * total_weight(blend) for share in shares]
            found = [ndcg_with(one, asked, weights, k) for one in left]
            means = np.array([one.mean(axis=0) for one in found])
            blends = [
                joined(blend, one.params, weights[place])
                for one, place in zip(left, means.argmax(axis=1), strict=True)
            ]
            tried += zip(blends, means.max(axis=1).tolist(), strict=True)
            best, place = divmod(int(means.argmax()), len(weights))
            if not is_ahead(found[best][:, place], now):
                break
            blend, now = blends[best], found[best][:, place]
            asked = added(asked, left.pop(best), weights[place])
    return blend, tried


def is_ahead(figures: Floats, before: Floats) -> bool:
    """Return whether the mean gain of users is beyond BEYOND_CHANCE standard errors.

    Each user is compared with the same user before; of fewer than two nothing can be
    said.
    """
    gains = figures - before
    if len(gains) < 2:
        return False
    error = gains.std(ddof=1) / np.sqrt(len(gains))
    return bool(gains.mean() > BEYOND_CHANCE * error)


def total_weight(blend: Blend) -> float:
    """Return the sum of the weights of a blend's parts."""
    parts = blend.fold_in_weight, blend.ease_weight, blend.co_occurrence_weight
    return sum(parts) + sum(one.weight for one in blend.transitions)


def joined(blend: Blend, params: TransitionParams, weight: float) -> Blend:
    """Return a blend with one transition more."""
    one = Transition(params.past, params.future, params.ridge, weight)
    return replace(blend, transitions=(*blend.transitions, one))


def scored(
    model: RankerModel, history: Preferences, relevant: NDArray[np.bool_]
) -> Asked:
    """Return the sum of a ranker's parts, each standardised, even of one alone."""
    seen = history.seen()
    total = np.zeros(relevant.shape)
    for weight, part in model.parts:
        add_standard_scores(weight, part.scores(history), seen, total)
    leave_opinions(model.is_liked, total)
    total[seen.nonzero()] = -np.inf
    return Asked(seen, relevant, total)


def candidate(
    params: TransitionParams,
    blocks: Sequence[Block],
    given: RankerInput,
    covered: int,
) -> Candidate:
    """Return a transition's scores; its matrix is not kept."""
    part = what_comes_next(given, params)
    scores = [part.scores(history)[:, :covered] for history, _ in blocks]
    return Candidate(params, [one.astype(np.float32) for one in scores])


def standard_scores(block: Asked, scores: NDArray[np.float32]) -> Floats:
    """Return a transition's scores of the whole catalogue, standardised per user."""
    whole = np.zeros(block.total.shape)
    whole[:, : scores.shape[1]] = scores
    found = np.zeros(whole.shape)
    add_standard_scores(1.0, whole, block.seen, found, is_optional=True)
    return found


def ndcg_with(
    one: Candidate, asked: Sequence[Asked], weights: Sequence[float], k: int
) -> Floats:
    """Return NDCG@k of each user with each weight of a transition, (users, weights)."""
    discounts = 1 / np.log2(np.arange(2, k + 2))
    figures = []
    for block, scores in zip(asked, one.scores, strict=True):
        found = np.zeros((len(block.total), len(weights)))
        ndcg_of_sums(
            block.total,
            standard_scores(block, scores),
            np.array(weights, np.float64),
            block.relevant,
            discounts,
            found,
        )
        figures.append(found)
    return np.concatenate(figures)


def added(asked: Sequence[Asked], one: Candidate, weight: float) -> list[Asked]:
    """Return the blocks with a transition in their totals."""
    return [
        replace(block, total=block.total + weight * standard_scores(block, scores))
        for block, scores in zip(asked, one.scores, strict=True)
    ]
