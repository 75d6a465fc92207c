"""Signing in with a token, and out."""

from flask import Blueprint, Response, current_app, g, request, url_for

from cinespark.serve.page import sessions
from cinespark.serve.page.forms import own_path
from cinespark.serve.page.shown import go_to, of_page, show
from cinespark.serve.tokens import read_tokens, token_of


def add_to(page: Blueprint) -> None:
    """Add the addresses of signing in and out."""
    page.add_url_rule("/sign-in", "sign_in", ask, methods=["GET"])
    page.add_url_rule("/sign-in", "sign_in_with", begin, methods=["POST"])
    page.add_url_rule("/sign-out", "sign_out", end, methods=["POST"])


def ask() -> Response:
    """Ask for a token; who is signed in is let through."""
    state = of_page().state
    to = own_path(request.args.get("to", "/"))
    tokens = read_tokens(state)
    g.token = sessions.token_of_session(request, state, tokens)
    if g.token is not None:
        return go_to(to)
    return show("sign_in.html", to=to, wrong=None)


def begin() -> Response:
    """Begin a session, if the token is one for reading."""
    state = of_page().state
    to = own_path(request.form.get("to", "/"))
    token = token_of(request.form.get("token", "").strip(), read_tokens(state))
    if token is None:
        current_app.extensions["cinespark_limiter"].count_failure(request.remote_addr)
        wrong = "There is no such token, or it was revoked."
        return show("sign_in.html", 401, to=to, wrong=wrong)
    if not {"read", "admin"} & set(token.scopes):
        wrong = f"The token {token.name} is for {', '.join(token.scopes)}, not to read."
        return show("sign_in.html", 403, to=to, wrong=wrong)
    response = go_to(to)
    sessions.begin(response, state, token, request.is_secure)
    return response


def end() -> Response:
    """End the session of this browser."""
    response = go_to(url_for("page.sign_in"))
    sessions.end(response)
    return response
