"""Who may ask what: tokens, the name of the host, and headers that browsers keep to."""

import ipaddress
import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask, g, request

from cinespark.errors import CineSparkError
from cinespark.serve.page.sessions import token_of_session
from cinespark.serve.problems import Problem
from cinespark.serve.rates import Limiter
from cinespark.serve.tokens import Token, read_tokens, token_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
HOST = re.compile(r"(\[[^]]*\]|[^:]*)(?::\d+)?")  # with or without a port
OPEN = ("/healthz", "/readyz")  # that say nothing of anybody
# files of the page, and what lets people in
OPEN_ON_PAGE = tuple(
    f"page.{name}"
    for name in ("static", "docs_file", "sign_in", "sign_in_with", "sign_out")
)
SCOPES = {"writing": "write", "jobs": "admin"}  # by blueprint; the others' is read
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    # an answer is one person's, and asked for anew: ETags make that cheap
    "Cache-Control": "private, no-cache",
}


def is_loopback(host: str) -> bool:
    """Return whether only this machine reaches an address."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def is_open_to_others(host: str, proxies: int) -> bool:
    """Return whether others than this machine ask: at its address, or by a proxy."""
    return bool(proxies) or not is_loopback(host)


def require_tokens(host: str, state: Path, proxies: int = 0) -> None:
    """Raise if others could ask without a token.

    Raises
    ------
    CineSparkError
        If others than this machine ask, and there are no tokens.
    """
    if is_open_to_others(host, proxies) and not read_tokens(state):
        where = "a proxy asks for others" if proxies else f"others reach {host}"
        raise CineSparkError(
            f"{where}, and there are no tokens: make one with `cinespark token create "
            "NAME`, or bind 127.0.0.1 without --proxies"
        )


def require_name(app: Flask, names: Iterable[str]) -> None:
    """Answer only requests that name the service by one of its names.

    A page elsewhere can have its own name point to this machine, and ask in its name:
    Werkzeug's own check knows no addresses of IPv6.
    """
    known = {name.lower() for name in names}
    known |= {f"[{name}]" for name in known if ":" in name and "[" not in name}

    @lru_cache(maxsize=256)
    def is_known(host: str) -> bool:
        found = HOST.fullmatch(host)
        return found is not None and found[1].lower() in known

    @app.before_request
    def check_name() -> None:
        if not is_known(request.environ.get("HTTP_HOST") or request.host):
            raise Problem(
                400,
                "Bad Request",
                f"this service is not called {request.host[:60]!r}: ask under one of "
                f"{', '.join(sorted(known))}, or give `cinespark serve` the option "
                "--name",
            )


def guard(app: Flask, state: Path, needs_tokens: bool, limiter: Limiter) -> None:
    """Let requests in that may ask, and add the headers to all answers.

    Parameters
    ----------
    state
        The folder with the tokens, read anew when they change: what is revoked ends.
    needs_tokens
        Whether nothing is open without one; else reading is, while there are none.
    limiter
        What counts them.
    """

    @app.before_request
    def let_in() -> None:
        g.token = None
        if request.path in OPEN or request.endpoint in OPEN_ON_PAGE:
            return
        tokens = read_tokens(state)
        session = token_of_session(request, state, tokens) if may_sign_in() else None
        if tokens or needs_tokens or is_writing():
            g.token = session or counted_token(tokens, limiter)
        limiter.count(g.token.name if g.token else None, request.remote_addr)
        if g.token is None:
            return
        scope = needed_scope()
        if scope not in g.token.scopes and "admin" not in g.token.scopes:
            raise Problem(
                403,
                "Forbidden",
                f"the token {g.token.name} is for {', '.join(g.token.scopes)}, and "
                f"this needs {scope}",
            )

    app.wsgi_app = with_headers(app.wsgi_app)  # type: ignore[assignment, method-assign]


def with_headers(answer: "WSGIApplication") -> "WSGIApplication":
    """Return what gives an application's answers those of HEADERS that they lack."""
    usual = [(name.lower(), (name, value)) for name, value in HEADERS.items()]

    def answer_with(
        environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        def start(
            status: str, headers: list[tuple[str, str]], *error: Any
        ) -> Callable[[bytes], object]:
            there = {name.lower() for name, _ in headers}
            more = [header for name, header in usual if name not in there]
            return start_response(status, [*headers, *more], *error)

        return answer(environ, start)

    return answer_with


def counted_token(tokens: Sequence[Token], limiter: Limiter) -> Token:
    """Return the token of a request, and count one that is none.

    Raises
    ------
    Problem
        If it is none.
    """
    try:
        return shown_token(tokens)
    except Problem:
        if "Authorization" in request.headers:
            limiter.count_failure(request.remote_addr)
        else:
            limiter.count(None, request.remote_addr)
        raise


def is_writing() -> bool:
    """Return whether a request needs more than reading does."""
    return needed_scope() != "read"


def needed_scope() -> str:
    """Return what the token of a request has to be for."""
    return SCOPES.get((request.endpoint or "").partition(".")[0], "read")


def is_of_page() -> bool:
    """Return whether a request is for the page, and not for the API."""
    return request.endpoint is not None and request.endpoint.startswith("page.")


def may_sign_in() -> bool:
    """Return whether a request is for the page, or for nothing that is there."""
    is_nowhere = request.endpoint is None and not request.path.startswith("/api/")
    return is_nowhere or is_of_page()


def shown_token(tokens: Sequence[Token]) -> Token:
    """Return the token of a request.

    Raises
    ------
    Problem
        If it shows none that is known.
    """
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    token = token_of(secret.strip(), tokens) if kind.lower() == "bearer" else None
    if token is None:
        problem = Problem(
            401,
            "Unauthorized",
            "this service wants a token, in a header `Authorization: Bearer …`: "
            "`cinespark token create NAME` makes one",
        )
        problem.headers = {"WWW-Authenticate": "Bearer"}
        raise problem
    return token


def token_name() -> str | None:
    """Return the name of the request's token, None if it has none."""
    token: Token | None = g.get("token")
    return token.name if token else None


def require_nobodys() -> None:
    """Raise if the request's token is one user's alone.

    Raises
    ------
    Problem
        If it is.
    """
    token: Token | None = g.get("token")
    if token is not None and token.user_id is not None:
        raise Problem(
            403,
            "Forbidden",
            f"the token {token.name} reads what is of user {token.user_id} only",
        )


def require_own(user_id: str) -> None:
    """Raise if the request's token is another user's.

    Raises
    ------
    Problem
        If it is.
    """
    token: Token | None = g.get("token")
    if token is not None and token.user_id not in (None, user_id):
        raise Problem(
            403,
            "Forbidden",
            f"the token {token.name} reads what is of user {token.user_id} only",
        )
