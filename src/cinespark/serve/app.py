"""The application: addresses, errors, access and metrics put together."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from cinespark import __version__
from cinespark.serve.access import LOOPBACK, guard, is_of_page, require_name
from cinespark.serve.current import Current, NothingServed
from cinespark.serve.incoming import Incoming
from cinespark.serve.job_resources import jobs
from cinespark.serve.jobs import Builds
from cinespark.serve.keeping import Keeping
from cinespark.serve.metrics import count_answers
from cinespark.serve.page.routes import add_page
from cinespark.serve.problems import (
    Problem,
    ProblemApi,
    of_anything_else,
    of_http,
    of_problem,
)
from cinespark.serve.rates import NO_LIMITS, Limiter, Rates
from cinespark.serve.request_log import log_answers
from cinespark.serve.resources import let_go, nothing_served, reading, writing

LARGEST_BODY = 256 * 1024


@dataclass(frozen=True)
class Settings:
    """What an app is told.

    Parameters
    ----------
    exports
        Folder of the published versions.
    state
        The folder with the tokens.
    shared
        A folder of the processes that serve together.
    incoming
        The folder of ratings that people send; beside it are those of what they did
        with their lists, and of what they were shown.
    hosts
        Names under which it is asked; others are refused, as a page elsewhere could
        have its own name point to this machine.
    needs_tokens
        Whether nothing is open without one.
    report
        The file of the report, which the page shows once it is there.
    builds
        Where builds are that were asked for, and what starts them; None for none.
    rates
        How often somebody may ask.
    proxies
        How many proxies stand before it, each adding to `X-Forwarded-For`.
    logs_requests
        Whether the log has a line for each request.
    logs_lists
        Whether what is shown to whom is kept.
    overlays
        The folder of what was folded in since versions were made; None for none.
    to_topic
        Whether ratings go to a topic of Kafka, and to segments only where no broker
        answers.
    """

    exports: Path
    state: Path
    shared: Path
    incoming: Path
    hosts: Sequence[str] = LOOPBACK
    needs_tokens: bool = False
    report: Path | None = None
    builds: Builds | None = None
    rates: Rates = NO_LIMITS
    proxies: int = 0
    logs_requests: bool = False
    logs_lists: bool = False
    overlays: Path | None = None
    to_topic: bool = False


def create_app(settings: Settings) -> Flask:
    """Return the application, which serves what is current now.

    It looks for another version when somebody calls `follow` of its extension.
    """
    app = Flask("cinespark", static_folder=None)
    app.config |= {
        "API_TITLE": "CineSpark",
        "API_VERSION": __version__,
        "OPENAPI_VERSION": "3.1.0",
        "OPENAPI_URL_PREFIX": "/api/v1",
        "API_SPEC_OPTIONS": {
            "components": {
                "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}
            },
            "security": [{"token": []}],
        },
        "MAX_CONTENT_LENGTH": LARGEST_BODY,
    }
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.url_map.merge_slashes = False  # an id may hold two
    # nothing here is asynchronous, which is asked a dozen times a request
    app.ensure_sync = lambda func: func  # type: ignore[method-assign]
    current = Current(settings.exports, settings.shared, settings.overlays)
    current.look()
    app.extensions["cinespark"] = current
    builds = settings.builds or Builds(settings.state / "jobs")
    app.extensions["cinespark_builds"] = builds, settings.exports
    app.extensions |= segments_of(settings)
    counted = count_answers(app, current)
    app.extensions["cinespark_keeping"] = Keeping(
        app.extensions["cinespark_incoming"],
        counted,
        settings.incoming.parent if settings.to_topic else None,
    )
    log_answers(app, settings.logs_requests)
    require_name(app, settings.hosts)
    limiter = Limiter(settings.rates, settings.shared / "counts")
    app.extensions["cinespark_limiter"] = limiter
    guard(app, settings.state, settings.needs_tokens, limiter)
    if settings.proxies:
        # the address is the client's, and the scheme; the name is the Host header's
        behind = ProxyFix(app.wsgi_app, settings.proxies, settings.proxies, x_host=0)
        app.wsgi_app = behind  # type: ignore[method-assign]
    app.teardown_request(let_go)
    app.before_request(require_json)
    api = ProblemApi(app)
    api.register_blueprint(reading)
    api.register_blueprint(writing)
    api.register_blueprint(jobs)
    add_page(app, api, settings.state, settings.report)
    answer_errors(app)
    answer_health(app, current)
    return app


def segments_of(settings: Settings) -> dict[str, Incoming | None]:
    """Return what the process writes to, by the names of the app's extensions."""
    state = settings.incoming.parent
    logs_lists = settings.logs_lists
    return {
        "cinespark_incoming": Incoming(settings.incoming),
        "cinespark_events": Incoming(state / "events"),
        "cinespark_shown": Incoming(state / "shown", False) if logs_lists else None,
    }


def require_json() -> None:
    """Refuse a body that does not say that it is JSON, or how long it is.

    Forms of the page are no JSON.

    Raises
    ------
    Problem
        If there is such a body.
    """
    sent = request.environ
    if "HTTP_TRANSFER_ENCODING" in sent:  # Werkzeug would read a part of it
        raise Problem(
            411,
            "Length Required",
            "the body has to come with a header `Content-Length`, and not in pieces",
        )
    sent.pop("wsgi.input_terminated", None)  # or half would be taken for all
    is_bare = request.endpoint == "jobs.refresh" and not request.get_data()
    if is_of_page() or is_bare:
        return
    if request.method == "POST" and request.endpoint and not request.is_json:
        raise Problem(
            415,
            "Unsupported Media Type",
            "the body has to be JSON, with a header `Content-Type: application/json`",
        )


def answer_errors(app: Flask) -> None:
    """Answer every error with a problem document."""
    app.register_error_handler(HTTPException, of_http)
    app.register_error_handler(Problem, of_problem)
    app.register_error_handler(
        NothingServed, lambda error: of_problem(nothing_served(error))
    )
    app.register_error_handler(Exception, of_anything_else)


def answer_health(app: Flask, current: Current) -> None:
    """Answer whether the process lives, and whether it serves a version."""

    @app.get("/healthz")
    def healthz() -> Response:
        return jsonify(status="ok")

    @app.get("/readyz")
    def readyz() -> tuple[Response, int]:
        refused = vars(current.refused) if current.refused else None
        is_ready = current.version is not None
        status = "ready" if is_ready else "nothing is served"
        took = vars(current.took) if current.took else {}
        body = jsonify(status=status, version=current.version, refused=refused, **took)
        return body, 200 if is_ready else 503
