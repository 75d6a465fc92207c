"""Errors as problem documents, by RFC 9457."""

import logging
from http import HTTPStatus
from typing import Any

from flask import Response, json, request
from flask_smorest import Api
from marshmallow import Schema, fields
from werkzeug.exceptions import (
    ClientDisconnected,
    HTTPException,
    InternalServerError,
)

JSON = "application/json"
MEDIA_TYPE = "application/problem+json"
log = logging.getLogger("cinespark.serve")


class Problem(Exception):
    """An answer that says what is wrong, with which value, and what to do.

    Parameters
    ----------
    status
        Of HTTP.
    title
        The kind of problem, the same each time.
    detail
        This one.
    errors
        By the name of what was sent, what is wrong with it.
    """

    def __init__(
        self, status: int, title: str, detail: str, errors: object = None
    ) -> None:
        super().__init__(detail)
        self.status, self.title, self.detail = status, title, detail
        self.errors = errors
        self.headers: dict[str, str] = {}


class ProblemSchema(Schema):
    """A problem document."""

    type = fields.String(metadata={"description": "Always about:blank."})
    title = fields.String(required=True, metadata={"description": "What kind it is."})
    status = fields.Integer(required=True, metadata={"description": "Of HTTP."})
    detail = fields.String(metadata={"description": "What is wrong, and what to do."})
    errors = fields.Raw(metadata={"description": "By what was sent, what is wrong."})


class ProblemApi(Api):
    """flask-smorest's API, whose errors are problem documents."""

    ERROR_SCHEMA = ProblemSchema

    def handle_http_exception(self, error: HTTPException) -> Response:
        """Return the problem document of an exception of HTTP."""
        return of_http(error)

    def _register_responses(self) -> None:
        usual, self.DEFAULT_RESPONSE_CONTENT_TYPE = JSON, MEDIA_TYPE
        super()._register_responses()
        self.DEFAULT_RESPONSE_CONTENT_TYPE = usual


def of_http(error: HTTPException) -> Response:
    """Return the problem document of an exception of HTTP."""
    if error.response is not None:  # a redirection, or nothing new
        return error.response  # type: ignore[return-value]
    if isinstance(error, ClientDisconnected):
        late = HTTPStatus.REQUEST_TIMEOUT
        return document(late, late.phrase, "its body came too slowly, or in part")
    data: dict[str, Any] = getattr(error, "data", None) or {}
    errors = data.get("errors") or data.get("messages")
    status = error.code or 500
    detail = data.get("message") or error.description or ""
    if errors:
        detail = "what was sent is not as the description of this address says"
    headers = {
        name: value
        for name, value in error.get_headers()
        if name.lower() not in ("content-type", "content-length")
    }
    return document(status, error.name, detail, errors, headers)


def of_problem(error: Problem) -> Response:
    """Return the document of a problem."""
    return document(
        error.status, error.title, error.detail, error.errors, error.headers
    )


def of_anything_else(error: Exception) -> Response:
    """Return the problem document of an error of ours, which the log has whole."""
    log.exception("an answer failed", extra={"route": str(request.url_rule)})
    failed = InternalServerError()
    return document(500, failed.name, "the service failed here; its log says how")


def document(
    status: int,
    title: str,
    detail: str,
    errors: object = None,
    headers: dict[str, str] | None = None,
) -> Response:
    """Return a problem document."""
    found = problem_fields(status, title, detail)
    if errors:
        found["errors"] = errors
    return Response(
        json.dumps(found), status, headers=headers or {}, content_type=MEDIA_TYPE
    )


def problem_fields(status: int, title: str, detail: str) -> dict[str, object]:
    """Return what every problem document holds."""
    return {
        "type": "about:blank",
        "title": title,
        "status": int(status),
        "detail": detail,
    }
