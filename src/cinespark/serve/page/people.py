"""Users to pick from: some examples, those whose ids begin so, and what they like."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cinespark.algorithms.preferences import Preferences
from cinespark.serve.answer_parts import Answer, movie
from cinespark.serve.histories import history_of_user, movies_by_id
from cinespark.serve.ids import IS_NUMBER, MOST, PublicId
from cinespark.serve.opened import Opened
from cinespark.versions.overlay import NEW_USERS

EXAMPLES = 6
RANKS = np.linspace(0, 1, EXAMPLES)  # from who has rated least to who has most
SMALLEST_SHARE = 0.05  # more of a genre than others have, to be worth a word
DIGITS = 19  # of the largest whole number


@dataclass(frozen=True)
class Person:
    """A user of the data, as the page introduces one.

    Parameters
    ----------
    genres
        Of which the user likes more than the catalogue has, the most telling first.
    """

    user_id: PublicId
    rating_count: int
    genres: list[str]


def person_of(opened: Opened, user_id: PublicId, key: int) -> Person:
    """Return who a user is."""
    history = history_of_user(opened, user_id, key)
    count = int(history.rating_counts[0]) if len(history.rating_counts) else 0
    return Person(user_id, count, liked_genres(opened, history))


def liked_genres(opened: Opened, history: Preferences) -> list[str]:
    """Return up to two genres that are a larger share of what a user likes than of all.

    Shares are of movies; a user's are weighed by how much each says of liking.
    """
    weights = np.maximum(history.values, 0)
    if not weights.sum():
        return []
    more = {
        genre: float(weights[has[history.movies]].sum() / weights.sum() - has.mean())
        for genre, has in opened.catalogue.genres.items()
    }
    best = sorted(more, key=lambda genre: (-more[genre], genre))[:2]
    return [genre for genre in best if more[genre] >= SMALLEST_SHARE]


def example_people(opened: Opened, kept: dict[str, list[Person]]) -> list[Person]:
    """Return some users, from one who has rated little to one who has rated most.

    Parameters
    ----------
    kept
        By version, who they are: looked for once.
    """
    found = kept.get(opened.name)
    if found is None:
        found = find_examples(opened)
        kept.clear()
        kept[opened.name] = found
    return found


def find_examples(opened: Opened) -> list[Person]:
    """Return users at even steps of how much they have rated."""
    histories = opened.histories
    counts = np.diff(histories["starts"])
    if not len(counts):
        rows = opened.ask("select * from users order by user_id limit ?", EXAMPLES)
        return [person_of(opened, row["user_id"], row["user_key"]) for row in rows]
    ranks = np.unique((RANKS * (len(counts) - 1)).astype(np.int64))
    places = np.argpartition(counts, ranks)[ranks]
    keys = histories["user_ids"][places].tolist()
    marks = ", ".join("?" * len(keys))
    statement = f"select * from users where user_key in ({marks})"
    ids = {row["user_key"]: row["user_id"] for row in opened.ask(statement, *keys)}
    return [person_of(opened, ids[key], key) for key in keys if key in ids]


def ids_that_begin(opened: Opened, start: str, n: int) -> list[PublicId]:
    """Return up to n ids of users that begin with a text, shorter numbers first."""
    statement = "select user_id from users where user_id between ? and ? limit ?"
    found: list[PublicId] = []
    for low, high in ranges_of(start, opened.id_type):
        if (left := n - len(found)) > 0:
            rows = opened.ask(statement, low, high, left)
            rows += opened.overlay.ask(NEW_USERS, low, high, left)
            found += sorted(row["user_id"] for row in rows)[:left]
    return found


def ranges_of(start: str, id_type: str) -> Sequence[tuple[PublicId, PublicId]]:
    """Return between which ids all those lie that begin so, so that an index helps."""
    if id_type == "string":
        return [(start, start + "\U0010ffff")] if start.isprintable() else []
    if not IS_NUMBER.fullmatch(start) or start.startswith("-"):
        return []
    if start.startswith("0"):
        return [(0, 0)] if start == "0" else []
    first, length = int(start), len(start)
    steps = (10**more for more in range(DIGITS - length + 1))
    return [
        (first * step, min(first * step + step - 1, MOST[id_type]))
        for step in steps
        if first * step <= MOST[id_type]
    ]


def liked_movies(opened: Opened, user_id: PublicId, key: int, n: int) -> list[Answer]:
    """Return what a user liked best, the latest first, with `stars`."""
    history = history_of_user(opened, user_id, key)
    order = np.lexsort((history.newer_counts, -history.values))[:n]
    places = [place for place in order.tolist() if history.values[place] > 0]
    ids = [opened.catalogue.movie_ids[history.movies[place]] for place in places]
    rows: dict[Any, Any] = movies_by_id(opened, set(ids))
    return [
        {**movie(rows[one]), "stars": float(history.stars[place])}
        for one, place in zip(ids, places, strict=True)
    ]
