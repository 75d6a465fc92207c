"""What a shop wants of lists besides the best scores, and lists made by it."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from cinespark.algorithms.exploration import drawn, open_places
from cinespark.algorithms.liked_content import LikedContent
from cinespark.algorithms.picked import (
    BY_POPULARITY,
    BY_SCORE,
    PINNED,
    Flags,
    pick_rows,
)
from cinespark.algorithms.preferences import Preferences
from cinespark.algorithms.ratings import Floats, Ids

Texts = NDArray[np.str_]


@dataclass(frozen=True)
class ListRules:
    """The rules of lists; one entry per rule, movie and quota in the first five.

    Parameters
    ----------
    lines, effects, amounts
        Of the rule: its line, 'never', 'only', 'at most', 'raise', 'lower' or 'pin',
        and its number.
    groups
        Of the movies of a rule, those that its quota counts together.
    places
        Of the movie in the catalogue.
    is_new
        Which movies of the catalogue may be explored.
    embeddings
        Of their content, shape (movies, d), of length 1, or 0 where nothing is said.
    diversity
        What a movie loses that is just like one in the list, in standard deviations.
    exploration_share
        Of the places of lists that are for a new movie.
    seed
        Of the draws.
    """

    lines: Ids
    effects: Texts
    amounts: Floats
    groups: Texts
    places: Ids
    is_new: Flags
    embeddings: Floats
    diversity: float
    exploration_share: float
    seed: int

    @cached_property
    def content(self) -> LikedContent:
        """The part that says how near new movies are to what a user likes."""
        return LikedContent(self.embeddings, self.embeddings)


@dataclass(frozen=True)
class Plan:
    """What the rules of some lines say together, for each movie of the catalogue.

    Parameters
    ----------
    is_blocked, shifts
        Which movies never come, and how far each is raised, in standard deviations.
    quotas, limits
        Quotas of each movie, as a CSR matrix (movies, quotas), and what each allows.
    pins, pin_lines
        The movie for each place of the list, -1 for none, and the line that says so.
    moving
        Lines that raise or lower each movie, as a CSR matrix of lines (movies, rules).
    """

    is_blocked: Flags
    shifts: Floats
    quotas: sparse.csr_array
    limits: Ids
    pins: Ids
    pin_lines: Ids
    moving: sparse.csr_array


def plan_of(rules: ListRules, lines: tuple[int, ...], n: int) -> Plan:
    """Return what the rules of these lines say together, for lists of length n.

    Of two pins for one place the first line holds.
    """
    width = len(rules.is_new)
    is_mine = np.isin(rules.lines, lines)

    def of(*effects: str) -> NDArray[np.intp]:
        return np.flatnonzero(is_mine & np.isin(rules.effects, effects))

    is_blocked, shifts = np.zeros(width, bool), np.zeros(width)
    is_blocked[rules.places[of("never", "only")]] = True
    np.add.at(shifts, rules.places[of("raise")], rules.amounts[of("raise")])
    np.subtract.at(shifts, rules.places[of("lower")], rules.amounts[of("lower")])
    limited = of("at most")
    names = np.char.add(
        np.char.add(rules.lines[limited].astype(str), " "), rules.groups[limited]
    )
    _, first, quota = np.unique(names, return_index=True, return_inverse=True)
    shape = width, len(first)
    ones = np.ones(len(limited))
    quotas = sparse.csr_array((ones, (rules.places[limited], quota)), shape)
    pins, pin_lines = np.full(n, -1), np.full(n, -1)
    for entry in of("pin"):
        place = int(rules.amounts[entry]) - 1
        if place < n and pins[place] < 0:
            pins[place], pin_lines[place] = rules.places[entry], rules.lines[entry]
    moved = of("raise", "lower")
    known, rule = np.unique(rules.lines[moved], return_inverse=True)
    shape = width, len(known)
    at = rules.places[moved], rule
    moving = sparse.csr_array((rules.lines[moved], at), shape)
    limits = rules.amounts[limited][first].astype(np.int64)
    return Plan(is_blocked, shifts, quotas, limits, pins, pin_lines, moving)


@dataclass(frozen=True)
class Picked:
    """The lists of a block of users, arrays of shape (users, n) but for `lengths`.

    Parameters
    ----------
    best, scores, lengths
        As `best_unrated` returns them; scores with what rules and diversity add.
    kinds
        Why each movie is there: BY_SCORE, BY_POPULARITY, PINNED or EXPLORED.
    added
        What rules and diversity add to the ranker's score, 0 where it has none.
    lines
        Of the rules that raised, lowered or pinned each movie.
    """

    best: Ids
    scores: Floats
    lengths: Ids
    kinds: Ids
    added: Floats
    lines: NDArray[np.object_]

    def of_users(self, users: slice) -> "Picked":
        """Return the lists of some of the users."""
        return Picked(*(getattr(self, one.name)[users] for one in fields(self)))

    def in_order(self, order: NDArray[np.intp]) -> "Picked":
        """Return the lists with their places in another order, shape (users, n)."""

        def ordered(one: NDArray[Any]) -> NDArray[Any]:
            return np.take_along_axis(one, order, axis=1)

        return Picked(
            ordered(self.best),
            ordered(self.scores),
            self.lengths,
            ordered(self.kinds),
            ordered(self.added),
            ordered(self.lines),
        )


def without_rules(best: Ids, scores: Floats, lengths: Ids) -> Picked:
    """Return the lists of `best_unrated`, which no rule has touched."""
    kinds = np.where(scores > -np.inf, BY_SCORE, BY_POPULARITY)
    return Picked(
        best, scores, lengths, kinds, np.zeros(best.shape), no_lines(best.shape)
    )


def together(parts: Iterable[tuple[Ids, Picked]]) -> Picked:
    """Return the lists of parts of the users, given by their places, as one block."""
    users, made = zip(*parts, strict=True)
    order = np.argsort(np.concatenate(users))
    columns = (
        np.concatenate([getattr(one, column.name) for one in made])[order]
        for column in fields(Picked)
    )
    return Picked(*columns)


def no_lines(shape: tuple[int, ...]) -> NDArray[np.object_]:
    """Return an array of empty tuples."""
    lines = np.empty(shape, object)
    lines.fill(())
    return lines


def picked(
    rules: ListRules,
    plan: Plan,
    scores: Floats,
    history: Preferences,
    held_back: sparse.csr_array,
    n: int,
) -> Picked:
    """Return the lists of users for whom the same rules hold.

    Parameters
    ----------
    scores
        Shape (users, movies), -inf where the ranker has no opinion.
    history
        Of these users; what they have rated never comes.
    held_back
        With an entry for each movie that must not come besides, of the same shape.
    n
        Length of a list.
    """
    shape = len(scores), min(n, scores.shape[1])
    taken = sparse.csr_array(history.seen() + held_back)
    deviations = deviations_of(scores, history.seen())
    moved = scores + deviations[:, None] * plan.shifts
    best, kinds = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    found, lengths = np.zeros(shape), np.zeros(len(scores), np.int64)
    is_open = open_places(
        history.user_ids, shape[1], rules.exploration_share, rules.seed
    )
    fresh = np.zeros((len(scores), 0), np.int64)
    if is_open.any():
        fit = rules.content.scores(history)
        may_come = rules.is_new & ~plan.is_blocked
        fresh = drawn(fit, may_come, history.user_ids, history.catalogue, n, rules.seed)
    pick_rows(
        taken.indptr.astype(np.int64),
        taken.indices.astype(np.int32, copy=False),
        np.ascontiguousarray(moved, np.float64),
        history.catalogue.astype(np.int64, copy=False),
        plan.is_blocked,
        plan.quotas.indptr.astype(np.int64),
        plan.quotas.indices.astype(np.int64),
        plan.limits,
        np.ascontiguousarray(plan.pins[: shape[1]]),
        fresh,
        is_open,
        np.ascontiguousarray(rules.embeddings, np.float64),
        rules.diversity * deviations,
        best,
        found,
        kinds,
        lengths,
    )
    own = np.take_along_axis(scores, best, axis=1) if best.size else found
    is_scored = np.isfinite(own) & (np.arange(shape[1]) < lengths[:, None])
    added = np.zeros(shape)
    added[is_scored] = found[is_scored] - own[is_scored]
    lines = lines_of(plan, best, kinds)
    return Picked(best, found, lengths, kinds, added, lines)


def lines_of(plan: Plan, best: Ids, kinds: Ids) -> NDArray[np.object_]:
    """Return the lines of the rules that moved or pinned each listed movie."""
    lines = no_lines(best.shape)
    counts = np.diff(plan.moving.indptr)
    for user, place in np.argwhere((counts[best] > 0) | (kinds == PINNED)):
        start = plan.moving.indptr[best[user, place]]
        found = plan.moving.data[start : start + counts[best[user, place]]].tolist()
        if kinds[user, place] == PINNED:
            found.extend(plan.pin_lines[plan.pins == best[user, place]].tolist())
        lines[user, place] = tuple(sorted(found))
    return lines


def deviations_of(scores: Floats, seen: sparse.csr_array) -> Floats:
    """Return the standard deviation of each user's scores of what was not rated.

    0 where there are none.
    """
    is_there = np.isfinite(scores)
    is_there[np.repeat(np.arange(len(scores)), np.diff(seen.indptr)), seen.indices] = (
        False
    )
    counts = np.maximum(is_there.sum(axis=1), 1)
    values = np.where(is_there, scores, 0)
    means = values.sum(axis=1) / counts
    squares = (np.where(is_there, scores - means[:, None], 0) ** 2).sum(axis=1)
    return np.asarray(np.sqrt(squares / counts))
