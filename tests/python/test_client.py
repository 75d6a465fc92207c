"""The client: a method for each address, with the description's own names."""

import inspect
import sys
import threading
from pathlib import Path
from typing import get_args, get_origin, get_type_hints, is_typeddict

import pytest
from werkzeug.serving import make_server

sys.path.insert(0, str(Path(__file__).parent / "serve"))

from made_service import publish_service

from cinespark.client import Client, ServiceError
from cinespark.client import client as module
from cinespark.client.client import METHODS
from cinespark.errors import CineSparkError
from cinespark.serve.app import Settings, create_app
from cinespark.serve.rates import Rates
from cinespark.serve.tokens import create_token


@pytest.fixture(scope="module")
def serve(tmp_path_factory):
    """Return a function that serves a version and gives its address and a token."""
    ends = []

    def serve(id_type="int", **more):
        place = tmp_path_factory.mktemp("client")
        publish_service(place / "exports", id_type)
        token = create_token(place / "serve", "all", ["admin"])
        folders = (place / name for name in ("serve", "shared", "incoming"))
        state, shared, incoming = folders
        shared.mkdir()
        app = create_app(Settings(place / "exports", state, shared, incoming, **more))
        server = make_server("127.0.0.1", 0, app)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        ends.append((server, thread, app))
        return f"http://127.0.0.1:{server.server_port}", token

    yield serve
    for server, thread, app in ends:
        server.shutdown()
        thread.join()
        server.server_close()
        app.extensions["cinespark_incoming"].close()
        app.extensions["cinespark"].close()


@pytest.fixture(scope="module")
def served(serve):
    return serve()


@pytest.fixture
def ask(served):
    with Client(*served) as made:
        yield made


@pytest.fixture
def document(ask):
    return ask._get("openapi.json")


def resolved(document, found):
    while "$ref" in found:
        target = document
        for part in found["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        found = target
    return found


def described(document):
    """Return the operations of the description by method and path."""
    return {
        (method, path): operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method in ("get", "post", "put", "patch", "delete")
    }


def test_every_address_has_a_method(document):
    missing = set(described(document)) - set(METHODS)
    assert not missing, "the client lacks these: give them a method, in METHODS"
    assert set(METHODS) <= set(described(document))


@pytest.mark.parametrize("address", METHODS, ids=METHODS.get)
def test_a_method_takes_what_its_address_takes(document, address):
    _, path = address
    names = set()
    shared = document["paths"][path].get("parameters", [])
    for parameter in [*shared, *described(document)[address].get("parameters", [])]:
        found = resolved(document, parameter)
        if found["in"] in ("path", "query"):
            names.add(found["name"])
    body = described(document)[address].get("requestBody")
    if body:
        content = body["content"]["application/json"]
        schema = resolved(document, content["schema"])
        names |= set(schema["properties"])
    signature = inspect.signature(getattr(Client, METHODS[address]))
    assert set(signature.parameters) - {"self"} == names


@pytest.mark.parametrize("address", METHODS, ids=METHODS.get)
def test_a_method_returns_what_its_address_answers(document, address):
    responses = described(document)[address]["responses"]
    status = next(one for one in ("200", "202", "201") if one in responses)
    content = resolved(document, responses[status])["content"]["application/json"]
    method = getattr(Client, METHODS[address])
    require_same(document, content["schema"], get_type_hints(method)["return"])


@pytest.mark.parametrize("address", METHODS, ids=METHODS.get)
def test_a_body_has_the_types_of_its_address(document, address):
    body = described(document)[address].get("requestBody")
    if body is None:
        return
    schema = resolved(document, body["content"]["application/json"]["schema"])
    hints = get_type_hints(getattr(Client, METHODS[address]))
    for name, one in schema["properties"].items():
        require_same(document, one, hints[name])


def require_same(document, schema, kind):
    """Raise unless a type has the fields of a schema, and those of what is in it."""
    schema = resolved(document, schema)
    if get_origin(kind) is not None and "items" in schema:
        require_same(document, schema["items"], get_args(kind)[0])
    elif is_typeddict(kind):
        hints = get_type_hints(kind)
        assert set(hints) == set(schema["properties"]), kind.__name__
        for name, hint in hints.items():
            require_same(document, schema["properties"][name], hint)
    else:
        assert not schema.get("properties"), f"{kind} has no fields: {schema}"


def test_methods_answer(ask):
    version = ask.version()["version"]
    listed = ask.recommendations(
        1, n=2, genre=["War", "Drama"], from_year=1971, exclude=[103], explain=True
    )
    assert listed["version"] == version
    assert len(listed["recommendations"]) == 2
    assert 103 not in [one["movie_id"] for one in listed["recommendations"]]
    assert listed["recommendations"][0]["because_of"]
    new = ask.recommend([{"movie_id": 101, "rating": 5}], n=3, to_year=1990)
    assert [one["rank"] for one in new["recommendations"]] == [1, 2, 3]
    assert ask.search("film 10")["movies"]
    assert ask.popular(genre="Crime", age="25-34", gender="F")["movies"]
    assert ask.similar(100)["movie"] == ask.movie(100)["movie"]
    pairs = [{"user_id": 1, "movie_id": 100}]
    assert 1 <= ask.predict(pairs)["predictions"][0]["predicted_rating"] <= 5
    receipt = ask.send_ratings([{"user_id": 1, "movie_id": 100, "rating": 4}])
    assert receipt["first"] == receipt["last"]
    event = {"event": "clicked", "movie_id": 100, "version": version, "user_id": 1}
    assert ask.send_events([event])["last"] == 1
    assert ask.jobs(n=1) == {"jobs": []}
    with pytest.raises(ServiceError, match="404 No such job"):
        ask.job("none", lines=3)
    with pytest.raises(ServiceError, match="404 No such job"):
        ask.cancel("none")
    with pytest.raises(ServiceError, match="409 No project to build"):
        ask.refresh()


def test_ids_may_be_any_text(serve):
    with Client(*serve("string")) as ask:
        assert ask.recommendations("n° 1/x")["user_id"] == "n° 1/x"
        assert ask.movie("n° 101/x")["movie"]["title"] == "Film 101"


def test_a_problem_is_raised_in_its_own_words(ask, served):
    with pytest.raises(
        ServiceError, match=r"404 No such user: version .* no list"
    ) as it:
        ask.recommendations(999)
    assert it.value.status == 404
    assert it.value.problem["title"] == "No such user"
    with pytest.raises(ServiceError, match="422 No such genre"):
        ask.recommendations(1, genre=["Nix"])
    with (
        Client(served[0], "cs_wrong") as other,
        pytest.raises(ServiceError, match=r"401 Unauthorized: .*wants a token"),
    ):
        other.version()


def test_too_many_requests_say_how_long_to_wait(serve):
    with Client(*serve(rates=Rates("1/hour"))) as ask:
        ask.version()
        with pytest.raises(ServiceError, match="429") as it:
            ask.version()
    assert it.value.retry_after > 1


def test_nobody_there_is_an_error_with_the_way_out():
    with (
        Client("http://127.0.0.1:9") as ask,
        pytest.raises(CineSparkError, match="start the service with `cinespark serve`"),
    ):
        ask.version()


def test_the_client_needs_nothing_else_of_the_project():
    imported = {one.__name__ for one in vars(module).values() if inspect.ismodule(one)}
    assert imported == {"requests"}
