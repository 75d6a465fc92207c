"""The addresses of the page, each with what it shows."""

from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, request, url_for
from flask_smorest import Api

from cinespark.serve import asked
from cinespark.serve.access import require_own
from cinespark.serve.answer_parts import movie, user_of
from cinespark.serve.list_answers import list_of_ratings, list_of_user, movies_of
from cinespark.serve.movie_answers import (
    found_by,
    one_movie,
    popular_with,
    similar_to,
)
from cinespark.serve.opened import Opened
from cinespark.serve.page import docs, signing
from cinespark.serve.page.forms import asked_for, require_own_form
from cinespark.serve.page.own_ratings import keep_ratings, to_ask, with_form
from cinespark.serve.page.people import (
    example_people,
    ids_that_begin,
    liked_movies,
    person_of,
)
from cinespark.serve.page.shown import (
    OfPage,
    go_to,
    of_page,
    only_user,
    own_ratings,
    prepare,
    show,
    show_errors,
)
from cinespark.serve.problems import Problem
from cinespark.serve.resources import in_log, opened

page = Blueprint("page", __name__, static_folder="static", template_folder="templates")
page.before_request(lambda: require_own_form() if request.method == "POST" else None)
docs.add_to(page)
signing.add_to(page)

SHOWN = 12  # movies to rate
ALIKE = 10
MOST_FOUND = 30  # movies that a search shows
MOST_IDS = 24
LIKED = 10
LENGTHS = (10, 20, 50, 100)  # of a list
POPULAR_GENRES = """
    select genre
    from popular
    where age_band = 'all' and gender = 'all' and rank = 1 and genre != 'all'
    order by genre
"""
ANY: dict[str, Any] = {"genre": [], "from_year": None, "to_year": None, "exclude": []}


def add_page(app: Flask, api: Api, state: Path, report: Path | None) -> None:
    """Add the page to an application.

    Parameters
    ----------
    api
        Whose description the page shows.
    state
        The folder with the tokens.
    report
        The file of the report, which may not be there yet.
    """
    prepare(app)
    app.extensions["cinespark_page"] = OfPage(state, report, api)
    app.register_blueprint(page)
    show_errors(app)


@page.get("/")
def home() -> Response:
    now = opened()
    people = [] if only_user() is not None else example_people(now, of_page().examples)
    return show(
        "home.html",
        people=people,
        counts=now.manifest.about.counts if now.manifest.about else {},
        popular=popular(now, "all", 10),
    )


@page.get("/users")
def users() -> Response:
    """Users whose ids begin as asked: one of them is shown at once."""
    start = request.args.get("id", "").strip()
    if (only := only_user()) is not None:
        return go_to(url_for("page.user", user_id=only))
    now = opened()
    found = ids_that_begin(now, start, MOST_IDS + 1) if start else []
    if found and str(found[0]) == start and "live" not in request.args:
        return go_to(url_for("page.user", user_id=found[0]))
    examples = example_people(now, of_page().examples) if not start else []
    return show(
        "users.html",
        start=start,
        found=found[:MOST_IDS],
        has_more=len(found) > MOST_IDS,
        people=examples,
    )


@page.get("/users/<path:user_id>")
def user(user_id: str) -> Response:
    """Show a user's list, with what the user liked and why each movie is in it."""
    require_own(user_id)
    now = opened()
    found = user_of(now, user_id)
    given: dict[str, Any] = {**ANY, "n": LENGTHS[0]}
    answer, wrong = None, None
    try:
        given = asked_for(asked.ListQuery)
        answer = in_log(list_of_user(now, found, {**given, "explain": True}))
    except Problem as problem:
        if problem.status != 422:
            raise
        wrong = problem
    return show(
        "user.html",
        wrong.status if wrong else 200,
        person=person_of(now, found.user_id, found.key),
        liked=liked_movies(now, found.user_id, found.key, LIKED),
        given=given,
        genres=sorted(now.catalogue.genres),
        lengths=LENGTHS,
        answer=answer,
        wrong=wrong.detail if wrong else None,
    )


@page.get("/movies")
def movies() -> Response:
    """Show what a search finds; without one, what most people like, by genre."""
    now = opened()
    search = request.args.get("search", "").strip()
    genre = request.args.get("genre", "").strip() or "all"
    if len(search) > 200:
        raise Problem(
            422, "Unprocessable Entity", "a search has 200 characters at most"
        )
    if search:
        found = found_by(now, search, MOST_FOUND)["movies"]
    else:
        found = popular(now, genre, MOST_FOUND)
    return show(
        "movies.html",
        search=search,
        genre=genre,
        genres=[row["genre"] for row in now.ask(POPULAR_GENRES)],
        found=found,
        is_all=len(found) < MOST_FOUND,
    )


@page.get("/movies/<path:movie_id>")
def movie_page(movie_id: str) -> Response:
    """Show a movie, with those most like it."""
    now = opened()
    answer = one_movie(now, movie_id)
    similar = similar_to(now, movie_id, ALIKE)["similar_movies"]
    return show("movie.html", answer=answer, movie=answer["movie"], similar=similar)


@page.get("/you")
def you() -> Response:
    """Show some movies to rate, and the list of who has rated some."""
    now = opened()
    rated = own_ratings(now)
    search = request.args.get("search", "").strip()[:200]
    first = max(0, request.args.get("first", 0, int))
    choices = found_by(now, search, SHOWN)["movies"] if search else []
    if not search:
        choices = to_choose(now, first)
    answer, wrong = None, None
    if rated:
        asked_now = {**ANY, "ratings": to_ask(rated.items()), "n": 10, "explain": True}
        try:
            answer = in_log(list_of_ratings(now, asked_now))
        except Problem as problem:
            if problem.status != 422:
                raise
            wrong = problem.detail
    own = movies_of(now, list(rated))
    return show(
        "you.html",
        search=search,
        first=first,
        next_first=first + SHOWN if len(choices) == SHOWN and not search else 0,
        choices=choices,
        own=[movie(own[one]) for one in reversed(rated)],
        answer=answer,
        wrong=wrong,
    )


def to_choose(now: Opened, first: int) -> list[dict[str, Any]]:
    """Return the most liked movies from a place on, those that were rated there too.

    They stay where they were, or a list would change under the hand of who rates.
    """
    ids = now.catalogue.movie_ids[first : first + SHOWN]
    rows = movies_of(now, ids)
    return [movie(rows[one]) for one in ids if one in rows]


@page.post("/you")
def rate() -> Response:
    """Take ratings of a person who is not in the data, and go to the list."""
    now = opened()
    ratings = with_form(now, own_ratings(now), request.form)
    asked_too: dict[str, Any] = {
        name: value for name in ("search", "first") if (value := request.args.get(name))
    }
    response = go_to(url_for("page.you", **asked_too, _anchor="list"))
    keep_ratings(response, ratings, request.is_secure)
    return response


def popular(now: Opened, genre: str, n: int) -> list[dict[str, Any]]:
    """Return what most people like of a genre."""
    segment = {"genre": genre, "age": "all", "gender": "all", "n": n}
    found: list[dict[str, Any]] = popular_with(now, segment)["movies"]
    return found
