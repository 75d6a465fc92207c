"""What the page's addresses and forms hold, and whether a form is the page's own."""

from typing import Any
from urllib.parse import urlsplit

from flask import Request, request
from marshmallow import EXCLUDE, Schema, ValidationError, fields

from cinespark.serve.problems import Problem

OWN = ("same-origin", "none")  # of Sec-Fetch-Site: none is the person's own doing


def asked_for(schema: type[Schema]) -> dict[str, Any]:
    """Return what the address asks for; a field of a form that is left empty is none.

    Raises
    ------
    Problem
        If a value cannot be.
    """
    made = schema()
    given: dict[str, Any] = {}
    for name, kind in made.fields.items():
        values = [value for value in request.args.getlist(name) if value.strip()]
        if values:
            given[name] = values if isinstance(kind, fields.List) else values[-1]
    try:
        return dict(made.load(given, unknown=EXCLUDE))
    except ValidationError as error:
        raise Problem(
            422, "Unprocessable Entity", in_words(error.messages_dict), error.messages
        ) from error


def in_words(messages: dict[str, Any]) -> str:
    """Return the messages of marshmallow as a sentence."""
    found = []
    for name, words in messages.items():
        flat = words.values() if isinstance(words, dict) else [words]
        text = " ".join(str(word) for one in flat for word in one)
        found.append(f"{name}: {text}")
    return "; ".join(found).replace("_", " ")


def require_own_form() -> None:
    """Raise if a form was sent by a page elsewhere.

    Every browser of these years says where a request comes from, in Sec-Fetch-Site or,
    where there is no TLS, in Origin: https://web.dev/articles/fetch-metadata

    Raises
    ------
    Problem
        If it says so, or says nothing.
    """
    if not is_own_form(request):
        raise Problem(
            403,
            "Forbidden",
            "this form was not sent by a page of this service: open the page itself, "
            "and send it from there",
        )


def is_own_form(asked: Request) -> bool:
    """Return whether a browser sent a request from a page of this service."""
    site = asked.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in OWN
    origin = asked.headers.get("Origin", "")
    return urlsplit(origin).netloc.lower() == asked.host.lower() != ""


def own_path(text: str) -> str:
    """Return where to go after signing in: an address of this page, / if it is none."""
    parts = urlsplit(text)
    is_own = text.startswith("/") and not text.startswith(("//", "/\\"))
    if not is_own or parts.netloc or parts.scheme or not text.isprintable():
        return "/"
    return text
