"""Which rules hold for whom, in the arrays of a version."""

from dataclasses import dataclass

import numpy as np

from cinespark.algorithms.ratings import Ids

RULES, USERS = "rules", "users"  # before the names of arrays of ListRules and UserRules


@dataclass(frozen=True)
class UserRules:
    """Which rules hold for each user, and which movies are held back from whom.

    Parameters
    ----------
    user_ids
        In rising order, (users,).
    line_starts, lines
        The user at place i has lines[line_starts[i] : line_starts[i + 1]].
    held_starts, held_movie_ids
        Movies that must not come for what was shown, in the same way.
    lines_of_strangers
        That hold for somebody of whom nothing but ratings is known.
    """

    user_ids: Ids
    line_starts: Ids
    lines: Ids
    held_starts: Ids
    held_movie_ids: Ids
    lines_of_strangers: Ids

    def of(self, user_id: int) -> tuple[tuple[int, ...], Ids]:
        """Return the lines of a user, or of a stranger, and the movies held back."""
        place = int(np.searchsorted(self.user_ids, user_id))
        if place == len(self.user_ids) or self.user_ids[place] != user_id:
            return tuple(self.lines_of_strangers.tolist()), np.zeros(0, np.int64)
        lines = self.lines[slice(*self.line_starts[place : place + 2].tolist())]
        held = self.held_movie_ids[slice(*self.held_starts[place : place + 2].tolist())]
        return tuple(lines.tolist()), held
