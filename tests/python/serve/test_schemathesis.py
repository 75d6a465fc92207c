"""Requests made from the description of the API, right and wrong: no surprise.

Schemathesis reads the document that is served, so an address that is new is asked here
at once. `make fuzz` asks for longer.
"""

import os
from collections import Counter
from urllib.parse import quote

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from made_service import IDS, publish_service
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import Failure, FailureGroup

from cinespark.serve.app import Settings, create_app
from cinespark.serve.tokens import create_token

LONG = "CINESPARK_FUZZ" in os.environ
EXAMPLES = int(os.environ.get("CINESPARK_FUZZ", "12"))  # of each address and kind

# what no schema says, of a query, a body and the first of several events
WHICH_LIST = "say which list it was: by request_id, or by version and user_id"
UNSAID = ("from_year is after to_year", WHICH_LIST)
# what the description allows may still not be in the version: a genre, a kind of id, a
# number of stars; `require_of_version` says what else must not be refused
ALL_CHECKS = """
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "304", "401", "403", "404", "409", "422"]

# gunicorn reads no address without end: 414
[checks.negative_data_rejection]
expected-statuses = ["400", "401", "403", "404", "405", "409", "414", "415", "422"]
"""
DOCUMENT = "/api/v1/openapi.json"


def config():
    """Return settings with all checks."""
    return SchemathesisConfig.from_str(ALL_CHECKS)


@pytest.fixture(scope="module", params=["int", "string"])
def api(request, tmp_path_factory):
    """Return the description of a service, which a token for everything may ask."""
    place = tmp_path_factory.mktemp("fuzzed")
    publish_service(place / "exports", request.param)
    token = create_token(place / "serve", "all", ["admin"])
    shared = place / "shared"
    shared.mkdir()
    app = create_app(
        Settings(place / "exports", place / "serve", shared, place / "incoming")
    )
    app.testing = False
    headers = {"Authorization": f"Bearer {token}"}
    found = schemathesis.openapi.from_wsgi(
        DOCUMENT, app, headers=headers, config=config()
    )
    public = IDS[request.param][0]
    ids = {"user_id": [public(1), public(2)], "movie_id": [public(101), public(120)]}
    yield found, headers, ids
    app.extensions["cinespark_incoming"].close()
    app.extensions["cinespark"].close()


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_every_address_answers_as_it_is_described(api, mode):
    document, headers, ids = api
    require_as_described(document, headers, ids, mode)


def require_as_described(document, headers, ids, mode):
    """Ask every address, and return how often each answered with which status.

    Parameters
    ----------
    ids
        By the name of a parameter in the address, two of its values that there are.
    """
    operations = [result.ok() for result in document.get_all_operations()]
    assert operations
    failed, found = {}, {}
    for operation in operations:
        found[operation.label] = statuses = Counter()
        try:
            fuzz(operation, mode, headers, ids, statuses)
        except (FailureGroup, Failure) as failure:
            failed[operation.label] = str(failure)
    assert not failed, "\n".join(failed.values())
    # it is not one refusal that was tested again and again
    kind = "right" if mode is GenerationMode.POSITIVE else "wrong"
    assert sum(statuses[kind] for statuses in found.values()) > 30
    return found


def fuzz(operation, mode, headers, ids, statuses):
    """Ask one address with requests of a kind, every second time of what there is."""

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=not LONG,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        case=operation.as_strategy(generation_mode=mode),
        place=st.sampled_from([None, 0, 1]),
    )
    def ask(case, place):
        if place is not None and mode is GenerationMode.POSITIVE:
            for name in case.path_parameters:
                known = ids.get(name)
                if known:
                    case.path_parameters[name] = quote(str(known[place]), safe="")
        answer = case.call_and_validate(headers=headers)
        if mode is GenerationMode.POSITIVE:
            require_of_version(answer)
        statuses[answer.status_code] += 1
        statuses["right" if answer.status_code < 300 else "wrong"] += 1

    try:
        ask()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE  # nothing can be wrong here


def require_of_version(answer):
    """Raise if what is right by the description was refused by the description."""
    if answer.status_code == 422:
        found = answer.json()
        if "is not as the description" in found["detail"]:
            assert set(sentences(found["errors"])) <= set(UNSAID)


def sentences(errors):
    """Yield what is said of fields, however deep they are."""
    if isinstance(errors, dict):
        for inner in errors.values():
            yield from sentences(inner)
    else:
        yield from errors
