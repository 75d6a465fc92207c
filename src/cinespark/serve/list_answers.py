"""Lists as they are answered: published ones, and those that are made just now."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from cinespark.serve.answer_parts import (
    Answer,
    User,
    movie,
    now,
    of_version,
    require_ids,
    require_stars,
    wrong,
)
from cinespark.serve.histories import history, history_of_user, movies_by_id
from cinespark.serve.ids import PublicId, id_of_text
from cinespark.serve.lists import Place, Wanted, best_of
from cinespark.serve.opened import Opened
from cinespark.serve.problems import Problem
from cinespark.versions.overlay import LIST

SHOWN_LIST = """
    select
        listed.rank, listed.movie_id, title, release_year, genres, score,
        predicted_rating, reason, source
    from recommendations as listed
    left join movies on movies.movie_id = listed.movie_id
    where listed.user_id = ? and listed.rank <= ?
    order by listed.rank
"""
STORED_LIST = """
    select listed.*, title, release_year, genres
    from recommendations as listed
    left join movies on movies.movie_id = listed.movie_id
    where listed.user_id = ? and listed.rank <= ?
    order by listed.rank
"""


def wanted_by(opened: Opened, given: Mapping[str, Any]) -> Wanted:
    """Return which movies may be in a list.

    Parameters
    ----------
    given
        The fields of `asked.filters`, and `exclude`: texts or ids.

    Raises
    ------
    Problem
        If no movie has one of the genres, or what is excluded is no id.
    """
    known = opened.catalogue.genres
    if unknown := [name for name in given["genre"] if name not in known]:
        raise Problem(
            422,
            "No such genre",
            f"no movie has the genre {unknown[0]!r}: there are "
            f"{', '.join(sorted(known)) or 'none'}",
            {"genre": unknown},
        )
    return Wanted(
        given["genre"], given["from_year"], given["to_year"], given["exclude"]
    )


def list_of_user(opened: Opened, user: User, given: Mapping[str, Any]) -> Answer:
    """Return a user's list: the one that is stored, or if it will not do a new one.

    Stored is the one that came of the user's ratings since the version was made, if
    there are any, and the published one.
    """
    exclude = [id_of_text(one, opened.id_type) for one in given["exclude"]]
    if None in exclude:
        one = given["exclude"][exclude.index(None)]
        raise wrong("exclude", f"{one[:60]!r} is no id of this data set")
    wanted = wanted_by(opened, {**given, "exclude": exclude})
    if wanted.is_any:
        folded_at, listed = stored_list(opened, user, given)
        if len(listed) == given["n"]:
            return {
                **of_version(opened, folded_at),
                "user_id": user.user_id,
                "is_stored": True,
                "folded_at": folded_at,
                "recommendations": listed,
            }
    person = history_of_user(opened, user.user_id, user.key)
    places = best_of(opened, person, given["n"], wanted)
    return {
        "user_id": user.user_id,
        **made_now(opened, places, given["explain"]),
        "folded_at": user.folded_at,
    }


def stored_list(
    opened: Opened, user: User, given: Mapping[str, Any]
) -> tuple[str | None, list[Answer]]:
    """Return when ratings since the version were folded in, and a user's stored list.

    None if there are none: then the list is the published one.
    """
    if user.revision is not None:
        rows = opened.overlay.ask(LIST, user.user_id, given["n"])
        folded_at = rows[0]["folded_at"] if rows else user.folded_at
        return folded_at, folded_list(opened, rows, given["explain"])
    stored = explained_list if given["explain"] else shown_list
    return None, stored(opened, user.user_id, given["n"])


def folded_list(
    opened: Opened, rows: Sequence[sqlite3.Row], explain: bool
) -> list[Answer]:
    """Return places of a list of the overlay, whose movies the version knows."""
    return in_full(opened, [stored_place(row) for row in rows], explain)


def shown_list(opened: Opened, user_id: PublicId, n: int) -> list[Answer]:
    """Return places of a published list, in one step from rows to what is sent."""
    return [
        {
            "rank": rank,
            "movie_id": movie_id,
            "title": title,
            "release_year": year,
            "genres": genres.split("|") if genres else [],
            "score": score,
            "predicted_rating": stars,
            "reason": reason,
            "source": source,
        }
        for rank, movie_id, title, year, genres, score, stars, reason, source in (
            opened.ask(SHOWN_LIST, user_id, n)
        )
    ]


def explained_list(opened: Opened, user_id: PublicId, n: int) -> list[Answer]:
    """Return places of a published list, each with what its score is the sum of."""
    rows = opened.ask(STORED_LIST, user_id, n)
    places = [stored_place(row) for row in rows]
    named = titles(opened, places)
    return [
        in_words(place, movie(row), True, named)
        for place, row in zip(places, rows, strict=True)
    ]


def list_of_ratings(opened: Opened, given: Mapping[str, Any]) -> Answer:
    """Return the list of a person of whom no more is known than some ratings.

    Raises
    ------
    Problem
        If the ratings are none.
    """
    ratings = given["ratings"]
    ids = [one["movie_id"] for one in ratings]
    require_ids(opened, [*ids, *given["exclude"]])
    if len(set(ids)) < len(ids):
        twice = next(one for one in ids if ids.count(one) > 1)
        raise wrong("ratings", f"movie {twice!r} is rated twice: send its last rating")
    times = [one["rated_at"] for one in ratings]
    if None in times and any(time is not None for time in times):
        raise wrong("ratings", "some have rated_at and some do not: give all or none")
    stars = np.array([one["rating"] for one in ratings], np.float64)
    if opened.manifest.vocabulary.has_stars:  # events may add up to anything
        require_stars(opened, stars)
    known = {row: found["movie_key"] for row, found in movies_of(opened, ids).items()}
    # what is not in the catalogue counts as a rating, and each is another one
    keys = np.array(
        [known.get(one, -2 - place) for place, one in enumerate(ids)], np.int64
    )
    person = history(
        opened, keys, stars, np.array([time or 0 for time in times], np.int64)
    )
    places = best_of(opened, person, given["n"], wanted_by(opened, given))
    return {
        "unknown_movie_ids": [one for one in ids if one not in known],
        **made_now(opened, places, given["explain"]),
    }


def movies_of(opened: Opened, ids: Sequence[PublicId]) -> dict[PublicId, Answer]:
    """Return rows of movies by their ids, of those that there are."""
    return movies_by_id(opened, set(ids))


def made_now(opened: Opened, places: Sequence[Place], explain: bool) -> Answer:
    """Return the part of an answer that is a list made just now."""
    return {
        **of_version(opened, now()),
        "is_stored": False,
        "recommendations": in_full(opened, places, explain),
    }


def in_full(opened: Opened, places: Sequence[Place], explain: bool) -> list[Answer]:
    """Return places of a list as they are answered, with what is said of movies."""
    named = titles(opened, places) if explain else {}
    found = movies_of(opened, [place.movie_id for place in places])
    return [
        in_words(place, movie(found[place.movie_id]), explain, named)
        for place in places
    ]


def stored_place(row: sqlite3.Row) -> Place:
    """Return a place of a published list."""
    return Place(
        row["rank"],
        row["movie_id"],
        row["score"],
        row["predicted_rating"],
        row["reason"],
        json.loads(row["reason_movie_ids"] or "[]"),
        json.loads(row["reason_contributions"] or "[]"),
        row["other_contributions"],
        row["score_constant"],
        row["rule_adjustment"] or 0.0,
        json.loads(row["rule_lines"] or "[]"),
        row["source"],
    )


def titles(opened: Opened, places: Sequence[Place]) -> dict[PublicId, Any]:
    """Return the titles of the movies that reasons name."""
    ids = [one for place in places for one in place.reason_movie_ids]
    return {one: row["title"] for one, row in movies_of(opened, ids).items()}


def in_words(
    place: Place, of_movie: Answer, explain: bool, named: Mapping[PublicId, Any]
) -> Answer:
    """Return a place of a list as it is answered."""
    found = {
        "rank": place.rank,
        **of_movie,
        "score": place.score,
        "predicted_rating": place.predicted_rating,
        "reason": place.reason,
        "source": place.source,
    }
    if explain:
        amounts = zip(place.reason_movie_ids, place.reason_contributions, strict=True)
        found["because_of"] = [
            {"movie_id": one, "title": named.get(one), "contribution": amount}
            for one, amount in amounts
        ]
        found["other_contributions"] = place.other_contributions
        found["score_constant"] = place.score_constant
        found["rule_adjustment"] = place.rule_adjustment
        found["rule_lines"] = place.rule_lines
    return found
