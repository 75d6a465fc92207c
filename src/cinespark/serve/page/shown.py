"""Pages as they are sent: rendered, told to browsers what they may do, and errors."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import (
    Flask,
    Response,
    current_app,
    g,
    json,
    render_template,
    request,
    url_for,
)
from flask_smorest import Api
from jinja2 import StrictUndefined

from cinespark import __version__
from cinespark.printable import printable
from cinespark.serve.access import is_of_page
from cinespark.serve.opened import Opened
from cinespark.serve.page.art import art_of, hues_of
from cinespark.serve.page.own_ratings import COOKIE, Ratings, read_ratings, scale
from cinespark.serve.page.people import Person
from cinespark.serve.problems import MEDIA_TYPE
from cinespark.serve.tokens import Token
from cinespark.vocabulary import USUAL, count, sentence, with_article

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# the report holds its scripts itself: it may run them, apart from all that is served
POLICY_OF_REPORT = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; sandbox allow-scripts"
)


@dataclass(frozen=True)
class OfPage:
    """What the page's addresses share.

    Parameters
    ----------
    state
        The folder with the tokens, and the secret of sessions.
    report
        The file of the report, which may not be there yet.
    api
        Whose description is shown.
    examples
        By version, the users to pick from.
    """

    state: Path
    report: Path | None
    api: Api
    examples: dict[str, list[Person]] = field(default_factory=dict)


def of_page() -> OfPage:
    """Return what the page's addresses share."""
    found: OfPage = current_app.extensions["cinespark_page"]
    return found


def prepare(app: Flask) -> None:
    """Have templates say what they lack, and print texts of the data safely."""
    app.jinja_options = {
        **app.jinja_options,
        "undefined": StrictUndefined,
        "finalize": lambda value: printable(value) if type(value) is str else value,
        "trim_blocks": True,
        "lstrip_blocks": True,
    }


def frame() -> dict[str, Any]:
    """Return what is around every page: the version, who is signed in, the words."""
    opened: Opened | None = g.get("opened")
    token: Token | None = g.get("token")
    words = opened.manifest.vocabulary if opened else USUAL
    build = opened.manifest.about if opened else None
    return {
        "version": opened.name if opened else None,
        "model_version": opened.model_version if opened else None,
        "generated_at": opened.generated_at if opened else None,
        "dataset": build.dataset if build else None,
        "words": words,
        "scale": scale(opened) if opened else [],
        "token": token,
        "only_user": only_user(),
        "has_report": has_report(),
        "rated": own_ratings(opened) if opened else {},
        "release": __version__,
    }


def only_user() -> str | None:
    """Return the only user whom the request's token may read, None for all."""
    token: Token | None = g.get("token")
    return token.user_id if token else None


def has_report() -> bool:
    """Return whether there is a report, which is of all users, and may be read."""
    report = of_page().report
    return only_user() is None and report is not None and report.is_file()


def own_ratings(opened: Opened) -> Ratings:
    """Return what the person before the browser has rated on the page."""
    if "own_ratings" not in g:
        g.own_ratings = read_ratings(opened, request.cookies.get(COOKIE))
    found: Ratings = g.own_ratings
    return found


def show(template: str, status: int = 200, **values: Any) -> Response:
    """Return a page, of a template of this room."""
    opened: Opened | None = g.get("opened")
    hues = hues_of(opened) if opened else {}
    html = render_template(
        f"page/{template}",
        **frame(),
        art=lambda movie: art_of(movie, hues),
        sentence=sentence,
        count=count,
        with_article=with_article,
        **values,
    )
    response = Response(html, status, mimetype="text/html")
    return for_people(response)


def for_people(response: Response, policy: str = POLICY) -> Response:
    """Add what browsers are told of a page; who has it already gets no second copy."""
    response.headers["Content-Security-Policy"] = policy
    # of a form's origin nothing would be said under no-referrer
    response.headers["Referrer-Policy"] = "same-origin"
    response.vary.add("Cookie")
    if response.status_code == 200 and request.method in ("GET", "HEAD"):
        response.add_etag()
        response.make_conditional(request)
    return response


def go_to(address: str) -> Response:
    """Return the way to another page, to be asked for with GET."""
    return for_people(Response(status=303, headers={"Location": address}))


def is_for_people() -> bool:
    """Return whether a request is a person's, before a browser, and no program's."""
    if request.endpoint is not None or request.path.startswith("/api/"):
        return is_of_page()
    return any(kind == "text/html" for kind, _ in request.accept_mimetypes)


def show_errors(app: Flask) -> None:
    """Show people pages in place of problem documents, with the same status.

    Who has to sign in is asked to.
    """

    @app.after_request
    def in_place_of_problem(response: Response) -> Response:
        if response.mimetype != MEDIA_TYPE or not is_for_people():
            return response
        if response.status_code == 401:
            path = request.full_path.rstrip("?") if request.method == "GET" else "/"
            return go_to(url_for("page.sign_in", to=path))
        found = json.loads(response.get_data())
        page = show("problem.html", response.status_code, problem=found)
        for name in ("Allow", "Retry-After"):
            if name in response.headers:
                page.headers[name] = response.headers[name]
        return page
