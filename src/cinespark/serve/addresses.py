"""How an address of the API reads what is asked and sends what is answered."""

import hashlib
import json
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any

import orjson
from flask import Request, Response, g, request
from flask_smorest import Blueprint
from flask_smorest.exceptions import NotModified
from marshmallow import RAISE, Schema
from webargs.flaskparser import FlaskParser

from cinespark.serve.problems import JSON, Problem

REMEMBERED = 1024  # queries that were right, in each process
LONGEST_REMEMBERED = 200  # bytes


class StrictParser(FlaskParser):
    """Refuses what an address does not know: a filter with a typo filters nothing.

    A query that was right is read once: many ask with the same few.
    """

    DEFAULT_UNKNOWN_BY_LOCATION = {  # noqa: RUF012, as webargs has it
        "query": RAISE,
        "json": RAISE,
    }

    def parse(
        self,
        argmap: Any,
        req: Request | None = None,
        *,
        location: str | None = None,
        **more: Any,
    ) -> Any:
        """Return what was asked, as the schema has it."""
        schema = one_of(argmap) if isinstance(argmap, type) else argmap
        query = request.query_string
        if location != "query" or len(query) > LONGEST_REMEMBERED:
            return super().parse(schema, req, location=location, **more)
        return dict(self._parsed(schema, query))

    @lru_cache(maxsize=REMEMBERED)  # noqa: B019, there is one parser
    def _parsed(self, schema: Schema, query: bytes) -> dict[str, Any]:
        found: dict[str, Any] = super().parse(schema, location="query")
        return found

    def _raw_load_json(self, req: Request) -> Any:
        try:
            return super()._raw_load_json(req)
        except (RecursionError, ValueError) as error:  # too deep, or a number too long
            raise Problem(
                400, "Bad Request", f"the body is no JSON that is read here ({error})"
            ) from error


@lru_cache
def one_of(schema: type[Schema]) -> Schema:
    """Return a schema, made once."""
    return schema()


class Addresses(Blueprint):
    """flask-smorest's blueprint, which sends answers that are plain values as they are.

    Their schemas describe them: that answers are as described is tested, and not worked
    out anew for each.
    """

    ARGUMENTS_PARSER = StrictParser()

    def etag(self, answer: Any) -> Any:
        """Describe that an address has tags, which its function sets by `set_etag`."""
        answer._apidoc = {**getattr(answer, "_apidoc", {}), "etag": True}
        return answer

    def set_etag(self, etag_data: Any, etag_schema: Any = None) -> None:
        """Set the tag of the answer; raise NotModified if the client has it already."""
        g.etag = hashlib.blake2b(as_json(etag_data), digest_size=16).hexdigest()
        asked = request.environ.get("HTTP_IF_NONE_MATCH")
        if asked is not None and g.etag in request.if_none_match:
            raise NotModified

    def response(
        self, status_code: int, schema: Any = None, **more: Any
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Describe the answer of an address, and send it."""
        described = super().response(status_code, schema, **more)

        def decorate(answer: Callable[..., Any]) -> Callable[..., Any]:
            @wraps(answer)
            def send(*args: Any, **kwargs: Any) -> Any:
                found = answer(*args, **kwargs)
                if not isinstance(found, dict):
                    return found
                headers = [("Content-Type", JSON)]
                if (tag := g.get("etag")) is not None:
                    headers.append(("ETag", f'"{tag}"'))
                return Response(as_json(found), status_code, headers)

            decorated: Callable[..., Any] = described(send)
            return decorated

        return decorate


def as_json(found: object) -> bytes:
    """Return plain values as JSON."""
    try:
        return orjson.dumps(found)
    except TypeError:  # half a pair of surrogates, or a number of more than 64 bits
        return json.dumps(found, separators=(",", ":")).encode()
