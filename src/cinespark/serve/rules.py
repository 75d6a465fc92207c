"""The rules that made the published lists, for those that are made when asked for."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial
from pathlib import Path

import numpy as np
from scipy import sparse

from cinespark.algorithms.array_files import mapped_arrays
from cinespark.algorithms.flattened import below, rebuilt
from cinespark.algorithms.list_rules import (
    ListRules,
    Picked,
    Plan,
    picked,
    plan_of,
    together,
)
from cinespark.algorithms.preferences import Preferences
from cinespark.algorithms.ratings import Floats, Ids
from cinespark.algorithms.user_rules import RULES, USERS, UserRules
from cinespark.versions.keys import UNKNOWN

PLANS = 64  # of users with the same rules, and lists of the same length


@dataclass(frozen=True, eq=False)
class ServedRules:
    """What makes lists besides scores, and for whom.

    Parameters
    ----------
    for_strangers
        The rules without places for new movies: they are drawn by the user's id.
    """

    for_users: ListRules
    for_strangers: ListRules
    users: UserRules

    def lists(
        self, people: Preferences, scores: Floats, barred: sparse.csr_array, n: int
    ) -> Picked:
        """Return the lists of a block of people.

        Parameters
        ----------
        scores
            Shape (people, movies), -inf where the ranker has no opinion.
        barred
            With an entry for each movie that must not come, of the same shape.
        n
            Length of the lists at most.
        """
        alike: dict[tuple[bool, tuple[int, ...]], list[int]] = {}
        held = sparse.lil_array(barred.shape)
        for place, user in enumerate(people.user_ids.tolist()):
            lines, movies = self.users.of(user)
            alike.setdefault((user == UNKNOWN, lines), []).append(place)
            if len(movies):
                held[place, np.isin(people.catalogue, movies)] = 1.0
        held_back = sparse.csr_array(barred + held.tocsr())

        def made() -> Iterator[tuple[Ids, Picked]]:
            for (is_stranger, lines), places in alike.items():
                users = np.array(places)
                rules = self.for_strangers if is_stranger else self.for_users
                mine = people.of_users(users)
                plan = self.plan(lines, n)
                yield (
                    users,
                    picked(rules, plan, scores[users], mine, held_back[users], n),
                )

        return together(made())

    @cached_property
    def plan(self) -> Callable[[tuple[int, ...], int], Plan]:
        """What the rules of some lines say together, for lists of some length."""
        return lru_cache(maxsize=PLANS)(partial(plan_of, self.for_users))


def served_rules(file: Path) -> ServedRules:
    """Return the rules in a version's file, its arrays mapped."""
    arrays = mapped_arrays(file)
    rules = rebuilt(ListRules, below(RULES, arrays))
    users = rebuilt(UserRules, below(USERS, arrays))
    return ServedRules(rules, replace(rules, exploration_share=0.0), users)
