"""The rules that made the published lists, for those that are made when asked for."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial
from pathlib import Path

import numpy as np
from scipy import sparse

from cinespark.algorithms.array_files import mapped_arrays
from cinespark.algorithms.flattened import below, rebuilt
from cinespark.algorithms.list_rules import ListRules, Picked, Plan, picked, plan_of
from cinespark.algorithms.preferences import Preferences
from cinespark.algorithms.ratings import Floats
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
        self, person: Preferences, scores: Floats, barred: sparse.csr_array, n: int
    ) -> Picked:
        """Return the list of one person.

        Parameters
        ----------
        scores
            Shape (1, movies), -inf where the ranker has no opinion.
        barred
            With an entry for each movie that must not come, of the same shape.
        n
            Length of the list at most.
        """
        user = int(person.user_ids[0])
        lines, held = self.users.of(user)
        rules = self.for_strangers if user == UNKNOWN else self.for_users
        is_barred = barred.toarray()
        is_barred[0, np.isin(person.catalogue, held)] = 1.0
        return picked(
            rules,
            self.plan(lines, n),
            scores,
            person,
            sparse.csr_array(is_barred),
            n,
        )

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
