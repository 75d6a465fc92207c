"""The description of the API as a page, and the report: files that are here."""

from contextlib import suppress
from importlib.resources import as_file, files

from flask import Blueprint, Response, jsonify, send_file

from cinespark.serve.current import NothingServed
from cinespark.serve.page.shown import (
    POLICY_OF_REPORT,
    for_people,
    has_report,
    of_page,
    show,
)
from cinespark.serve.problems import Problem
from cinespark.serve.resources import opened

# of Swagger UI, which the package flask-swagger-ui brings
FILES = ("swagger-ui.css", "swagger-ui-bundle.js")


def add_to(page: Blueprint) -> None:
    """Add the addresses of the description and the report."""
    names = ", ".join(f'"{name}"' for name in FILES)
    page.add_url_rule("/docs", "docs", docs)
    page.add_url_rule("/docs/openapi.json", "openapi", openapi)
    page.add_url_rule(f"/docs/<any({names}):name>", "docs_file", docs_file)
    page.add_url_rule("/report", "report", report)


def docs() -> Response:
    """Show the description of the API, where it can be tried."""
    with suppress(NothingServed):
        opened()
    return show("docs.html")


def docs_file(name: str) -> Response:
    """Send a file of Swagger UI."""
    with as_file(files("flask_swagger_ui") / "dist" / name) as file:
        return send_file(file, conditional=True)


def openapi() -> Response:
    """Give the description."""
    return for_people(jsonify(of_page().api.spec.to_dict()))


def report() -> Response:
    """Send the report of the last build, which is of all users together.

    Raises
    ------
    Problem
        If there is none, or the token is one user's.
    """
    file = of_page().report
    if file is None or not has_report():
        raise Problem(404, "No report", "there is no report here to show")
    return for_people(send_file(file), POLICY_OF_REPORT)
