"""Parts of answers, and what a request names in the version that it holds."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cinespark.algorithms.ratings import Floats
from cinespark.serve.histories import TOO_LARGE, ends_of_scale, on_scale
from cinespark.serve.ids import PublicId, id_of_text, is_id
from cinespark.serve.opened import Opened
from cinespark.serve.problems import Problem
from cinespark.versions.keys import UNKNOWN
from cinespark.versions.overlay import USER

Answer = dict[str, Any]


def of_version(opened: Opened, generated_at: str | None = None) -> Answer:
    """Return what every answer says of where it comes from."""
    return {
        "version": opened.name,
        "model_version": opened.model_version,
        "generated_at": generated_at or opened.generated_at,
    }


def now() -> str:
    """Return the time, for what is worked out when it is asked for."""
    return f"{datetime.now(UTC):%FT%TZ}"


def movie(row: sqlite3.Row | Mapping[str, Any], id_column: str = "movie_id") -> Answer:
    """Return what is said of a movie wherever it is named."""
    return {
        "movie_id": row[id_column],
        "title": row["title"],
        "release_year": row["release_year"],
        "genres": [name for name in (row["genres"] or "").split("|") if name],
    }


@dataclass(frozen=True)
class User:
    """Somebody who has a list.

    Parameters
    ----------
    key
        UNKNOWN of one who is not in the data, and has rated since.
    revision, folded_at
        Of the list that came of ratings since the version was made, None without them.
    """

    user_id: PublicId
    key: int
    revision: str | None = None
    folded_at: str | None = None


def user_of(opened: Opened, text: str) -> User:
    """Return the user that a part of an address names.

    Raises
    ------
    Problem
        If the version has no such user, and none has come since.
    """
    user_id = id_of_text(text, opened.id_type)
    found = opened.ask("select user_key from users where user_id = ?", user_id)
    folded = opened.overlay.ask(USER, user_id)
    if user_id is None or not (found or folded):
        raise Problem(
            404,
            "No such user",
            f"version {opened.name} has no list of a user {text[:60]!r}: ask with a "
            "user id of the data set, or POST ratings to /api/v1/recommendations",
        )
    key = found[0]["user_key"] if found else UNKNOWN
    if not folded:
        return User(user_id, key)
    return User(user_id, key, folded[0]["revision"], folded[0]["folded_at"])


def movie_of(opened: Opened, text: str) -> sqlite3.Row:
    """Return the row of a movie, of a part of an address.

    Raises
    ------
    Problem
        If the version has no such movie.
    """
    movie_id = id_of_text(text, opened.id_type)
    found = opened.ask("select * from movies where movie_id = ?", movie_id)
    if not found:
        raise Problem(
            404,
            "No such movie",
            f"version {opened.name} has no movie {text[:60]!r}: look for one with "
            "/api/v1/movies?search=",
        )
    return found[0]


def wrong(field: str, words: str) -> Problem:
    """Return the problem of a value that cannot be used."""
    return Problem(422, "Unprocessable Entity", words, {field: [words]})


def require_ids(opened: Opened, ids: Sequence[object], field: str = "movie_id") -> None:
    """Raise unless these are ids of the type that the version has."""
    kinds = {
        "int": "whole numbers of 32 bits",
        "bigint": "whole numbers",
        "string": "texts of 1 to 200 characters, without spaces around them",
    }
    for one in ids:
        if not is_id(one, opened.id_type):
            kind = kinds[opened.id_type]
            raise wrong(field, f"{str(one)[:60]!r} is no id: ids are {kind}")


def require_stars(opened: Opened, stars: Floats) -> None:
    """Raise unless these ratings are on the scale of the data set."""
    is_right = on_scale(opened, stars)
    if is_right.all():
        return
    one = stars[~is_right].tolist()[0]
    if not opened.manifest.vocabulary.has_stars:
        ends = f"between -{TOO_LARGE:,.0f} and {TOO_LARGE:,.0f}"
        raise wrong("rating", f"{one} is no event that a build takes: give one {ends}")
    low, most = ends_of_scale(opened)
    scale = f"from {low} to {most}" if low is not None else f"up to {most}"
    raise wrong("rating", f"{one} is not on the scale, which is {scale}")
