"""Ratings of a person who is not in the data: kept in the person's browser alone."""

import base64
import binascii
import json
import math
from collections.abc import Iterable, Mapping

import numpy as np
from flask import Response
from werkzeug.datastructures import MultiDict

from cinespark.serve.answer_parts import require_stars, wrong
from cinespark.serve.histories import scale_of
from cinespark.serve.ids import PublicId, id_of_text, is_id
from cinespark.serve.list_answers import movies_of
from cinespark.serve.opened import Opened
from cinespark.serve.problems import Problem

COOKIE = "cinespark_ratings"
SECONDS = 30 * 24 * 60 * 60
MOST = 100  # ratings
LARGEST = 3600  # bytes of a cookie: browsers take 4096 with its name
FIELD = "rate:"  # how the name of a field begins; the id follows
CHOSEN = 1.0  # an event, where there are no stars
SHOWN = 5  # values to choose from, where the scale has more than there is room for

Ratings = dict[PublicId, float]


def read_ratings(opened: Opened, cookie: str | None) -> Ratings:
    """Return the ratings of a cookie, of movies that the version has.

    Nobody vouches for a cookie: what is no rating in it does not count.
    """
    try:
        rows = json.loads(base64.urlsafe_b64decode(cookie or ""))
    except (ValueError, binascii.Error, RecursionError):
        return {}
    found: Ratings = {}
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, list) and len(row) == 2 and is_id(row[0], opened.id_type):
            movie, stars = row
            if is_stars(opened, stars):
                found[movie] = float(stars)
    kept = movies_of(opened, list(found)[:MOST])
    return {movie: stars for movie, stars in found.items() if movie in kept}


def is_stars(opened: Opened, value: object) -> bool:
    """Return whether a value can be a rating in this version."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        stars = float(value)
        if not math.isfinite(stars):
            return False
        require_stars(opened, np.array([stars]))
    except (Problem, OverflowError):
        return False
    return True


def keep_ratings(response: Response, ratings: Ratings, is_secure: bool) -> None:
    """Have a browser keep ratings, until it forgets them in a month."""
    if not ratings:
        response.delete_cookie(COOKIE, httponly=True, samesite="Strict")
        return
    response.set_cookie(
        COOKIE,
        as_text(ratings),
        max_age=SECONDS,
        httponly=True,
        samesite="Strict",
        secure=is_secure,
    )


def as_text(ratings: Ratings) -> str:
    """Return ratings as a cookie holds them."""
    rows = [
        [movie, int(stars) if stars.is_integer() else stars]
        for movie, stars in ratings.items()
    ]
    data = json.dumps(rows, separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(data.encode("utf-8", "replace")).decode()


def with_form(
    opened: Opened, ratings: Mapping[PublicId, float], form: MultiDict[str, str]
) -> Ratings:
    """Return ratings with those of a form, which may change some and take some back.

    Raises
    ------
    Problem
        If a rating is none, or they are more than a browser keeps.
    """
    given = {
        name.removeprefix(FIELD): form.getlist(name)[-1]
        for name in form
        if name.startswith(FIELD)
    }
    if len(given) > 2 * MOST:
        raise wrong("ratings", f"a form has at most {2 * MOST} ratings")
    ids = {text: id_of_text(text, opened.id_type) for text in given}
    there = movies_of(opened, [one for one in ids.values() if one is not None])
    found = dict(ratings)
    for text, value in given.items():
        movie = ids[text]
        if movie is None or movie not in there:
            raise wrong("ratings", f"there is no {text[:60]!r} here to rate")
        found.pop(movie, None)  # the last rated is the last
        if value:
            found[movie] = stars_of_text(opened, value)
    if len(found) > MOST or len(as_text(found)) > LARGEST:
        raise wrong(
            "ratings",
            f"your browser keeps as many {opened.manifest.vocabulary.ratings} as fit "
            f"into a cookie, at most {MOST}: take one back first, or send up to 1,000 "
            "to the API, with POST /api/v1/recommendations",
        )
    return found


def stars_of_text(opened: Opened, text: str) -> float:
    """Return a rating that a form gives.

    Raises
    ------
    Problem
        If it is none.
    """
    try:
        stars = float(text)
    except ValueError:
        stars = math.nan
    if not is_stars(opened, stars):
        word = opened.manifest.vocabulary.rating
        raise wrong("rating", f"{text[:60]!r} is no {word} here")
    return stars


def scale(opened: Opened) -> list[float]:
    """Return the values to choose a rating from; one where there are no stars."""
    if not opened.manifest.vocabulary.has_stars:
        return [CHOSEN]
    if opened.predictor:
        low, most = map(float, opened.predictor.scale)
    else:
        of_liking = scale_of(opened)
        low, most = of_liking.least, of_liking.most
    whole = range(max(1, math.ceil(low)), math.floor(most) + 1)
    if low >= 0 and 2 <= len(whole) <= SHOWN:
        return [float(one) for one in whole]
    # the ends and what is between them; nothing at all is worth no button
    least = low if low < 0 else max(low, most / SHOWN)
    step = (most - least) / (SHOWN - 1)
    return [round(least + step * place, 2) for place in range(SHOWN)]


def to_ask(ratings: Iterable[tuple[PublicId, float]]) -> list[dict[str, object]]:
    """Return ratings as the API takes them."""
    return [
        {"movie_id": movie, "rating": stars, "rated_at": None}
        for movie, stars in ratings
    ]
