"""What people have rated: as a version has it, and since then."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cinespark.algorithms.preference_scale import (
    Person,
    PreferenceScale,
    histories_of_people,
)
from cinespark.algorithms.preferences import Preferences
from cinespark.algorithms.ratings import Floats
from cinespark.errors import CineSparkError
from cinespark.names import PUBLISHED
from cinespark.serve.ids import PublicId
from cinespark.serve.opened import Opened
from cinespark.versions.keys import UNKNOWN
from cinespark.versions.overlay import RATINGS_OF_USER

AT_A_TIME = 500  # ids in a statement
TOO_LARGE = 1_000_000.0  # of an event, either way, as the macro `rating_reasons` has it
# the public id of a movie, the rating and its time in seconds, the latest last
NewRating = tuple[PublicId, float, int]


def history_of_user(opened: Opened, user_id: PublicId, user_key: int) -> Preferences:
    """Return what a user has rated, empty for one who has rated nothing.

    Parameters
    ----------
    user_key
        UNKNOWN for one who is not in the data, and has rated since.
    """
    person = published_ratings(opened, user_key)
    if rows := opened.overlay.ask(RATINGS_OF_USER, user_id):
        new: list[NewRating] = [tuple(row) for row in rows]
        keys = keys_of_movies(opened, {movie for movie, _, _ in new})
        person = with_new(opened, person, new, keys)
    return histories(opened, [person])


def history(
    opened: Opened,
    movies: NDArray[np.int64],
    stars: NDArray[np.float64],
    times: NDArray[np.int64],
    user_key: int = UNKNOWN,
) -> Preferences:
    """Return anybody's ratings as the ranker is asked with them."""
    return histories(opened, [Person(user_key, movies, stars, times)])


def histories(opened: Opened, people: Sequence[Person]) -> Preferences:
    """Return the ratings of a block of people as the ranker is asked with them."""
    catalogue = opened.ranker.model.catalogue
    return histories_of_people(people, catalogue, scale_of(opened))


def published_ratings(opened: Opened, user_key: int) -> Person:
    """Return what a user of the data had rated when the version was made."""
    found = opened.histories
    users = found["user_ids"]
    place = int(np.searchsorted(users, user_key))
    mine = slice(0, 0)
    if place < len(users) and users[place] == user_key:
        mine = slice(*found["starts"][place : place + 2].tolist())
    movies, stars, times = (
        np.asarray(found[name][mine]) for name in ("movie_ids", "ratings", "rated_at")
    )
    return Person(
        user_key,
        movies.astype(np.int64),
        stars.astype(np.float64),
        times.astype(np.int64),
    )


def with_new(
    opened: Opened,
    person: Person,
    new: Sequence[NewRating],
    keys: Mapping[PublicId, int],
) -> Person:
    """Return what somebody had rated with what came since.

    Of a movie's ratings the latest counts, and of one second the one that came last;
    events add up.

    Parameters
    ----------
    new
        In order of time.
    keys
        As `keys_of_movies` gives them: a movie that has none is one of its own.
    """
    adds_up = bool(scale_of(opened).is_of_events)
    found: dict[int, tuple[float, int]] = {}
    unknown: dict[PublicId, int] = {}
    for movie, stars, time in new:
        key = keys.get(movie)
        if key is None and opened.id_type == "int":  # an id is its own key
            key = int(movie)
        elif key is None:
            key = unknown.setdefault(movie, UNKNOWN - 1 - len(unknown))
        before = found[key][0] if adds_up and key in found else 0.0
        found[key] = before + stars, time
    again = np.isin(person.movies, list(found))
    old = person.movies[again], person.stars[again], person.times[again]
    for key, stars, time in zip(*(one.tolist() for one in old), strict=True):
        if adds_up:
            found[key] = found[key][0] + stars, max(found[key][1], time)
        elif time > found[key][1]:
            found[key] = stars, time
    return Person(
        person.key,
        np.append(person.movies[~again], np.array([*found], np.int64)),
        np.append(person.stars[~again], [one for one, _ in found.values()]),
        np.append(
            person.times[~again], np.array([one for _, one in found.values()], np.int64)
        ),
    )


def keys_of_movies(opened: Opened, ids: Iterable[PublicId]) -> dict[PublicId, int]:
    """Return keys of movies by their ids, of those that the version has.

    None where the ids are the keys.
    """
    if opened.id_type == "int":
        return {}
    rows = movies_by_id(opened, set(ids))
    return {one: row["movie_key"] for one, row in rows.items()}


def movies_by_id(opened: Opened, ids: set[PublicId]) -> dict[PublicId, dict[str, Any]]:
    """Return rows of the movies with these ids, by id."""
    found: dict[PublicId, dict[str, Any]] = {}
    wanted = list(ids)
    for start in range(0, len(wanted), AT_A_TIME):
        block = wanted[start : start + AT_A_TIME]
        marks = ", ".join("?" * len(block))
        statement = f"select * from movies where movie_id in ({marks})"
        found |= {row["movie_id"]: dict(row) for row in opened.ask(statement, *block)}
    return found


def scale_of(opened: Opened) -> PreferenceScale:
    """Return what ratings say of liking.

    Raises
    ------
    CineSparkError
        If the version does not say it.
    """
    if opened.ranker.scale is None:
        raise CineSparkError(
            f"version {opened.name} does not say what ratings say of liking, as it was "
            "published by an older release: publish again with `dbt build`"
        )
    return opened.ranker.scale


def on_scale(opened: Opened, stars: Floats) -> NDArray[np.bool_]:
    """Return which ratings are on the scale of the data set; events have a bound."""
    if not opened.manifest.vocabulary.has_stars:
        return np.asarray(np.abs(stars) < TOO_LARGE)
    low, most = ends_of_scale(opened)
    return (
        np.isfinite(stars)
        & (stars <= most)
        & (stars >= (-np.inf if low is None else low))
    )


def ends_of_scale(opened: Opened) -> tuple[float | None, float]:
    """Return the least and the most stars; None where the version says no least.

    It is said by the predictor, else by the parameters of the build.
    """
    if opened.predictor:
        return opened.predictor.scale
    about = opened.manifest.about
    least = about.parameters.get(f"{PUBLISHED}.rating_min") if about else None
    return None if least is None else float(least), scale_of(opened).most
