"""The description of the API, and answers that are as it says."""

import pytest
from jsonschema import Draft202012Validator
from made_service import publish_service

from cinespark.serve.tokens import create_token

EXAMPLES = [
    (
        "get",
        "/api/v1/users/{user_id}/recommendations",
        "/users/1/recommendations",
        None,
    ),
    (
        "get",
        "/api/v1/users/{user_id}/recommendations",
        "/users/1/recommendations?genre=War&explain=true",
        None,
    ),
    (
        "post",
        "/api/v1/recommendations",
        "/recommendations",
        {"ratings": [{"movie_id": 100, "rating": 5, "rated_at": 3}], "n": 3},
    ),
    ("get", "/api/v1/movies", "/movies?search=film", None),
    ("get", "/api/v1/movies/popular", "/movies/popular", None),
    ("get", "/api/v1/movies/{movie_id}/similar", "/movies/100/similar", None),
    ("get", "/api/v1/movies/{movie_id}", "/movies/100", None),
    (
        "post",
        "/api/v1/predictions",
        "/predictions",
        {"pairs": [{"user_id": 1, "movie_id": 100}]},
    ),
    ("get", "/api/v1/version", "/version", None),
    (
        "post",
        "/api/v1/ratings",
        "/ratings",
        {"ratings": [{"user_id": 1, "movie_id": 100, "rating": 5}]},
    ),
    (
        "post",
        "/api/v1/events",
        "/events",
        {"events": [{"event": "clicked", "movie_id": 1, "rank": 2, "request_id": "a"}]},
    ),
]


@pytest.fixture
def asker(exports, make_app, tmp_path):
    """Return who asks with a token for everything."""
    publish_service(exports)
    asker = make_app(exports).test_client()
    token = create_token(tmp_path / "serve", "all", ["admin"])
    asker.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    return asker


@pytest.fixture
def document(asker):
    return asker.get("/api/v1/openapi.json").get_json()


def schema_of(document, content):
    return {**content["schema"], "components": document["components"]}


def resolved(document, found):
    while "$ref" in found:
        target = document
        for part in found["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        found = target
    return found


def test_every_address_is_described_with_an_example_here(document):
    assert document["openapi"] == "3.1.0"
    described = {
        (method, path)
        for path, methods in document["paths"].items()
        for method in methods
        if method in ("get", "post")
    }
    described -= {  # which test_refresh_jobs.py asks
        ("post", "/api/v1/refresh"),
        ("get", "/api/v1/jobs"),
        ("get", "/api/v1/jobs/{job_id}"),
    }
    assert described == {(method, path) for method, path, _, _ in EXAMPLES}
    for path in document["paths"].values():
        for method in ("get", "post"):
            assert path.get(method, {"summary": "none"})["summary"]


@pytest.mark.parametrize(("method", "path", "asked", "body"), EXAMPLES)
def test_answers_are_as_described(asker, document, method, path, asked, body):
    described = document["paths"][path][method]
    if body is not None:
        content = described["requestBody"]["content"]["application/json"]
        Draft202012Validator(schema_of(document, content)).validate(body)
    answer = asker.open(f"/api/v1{asked}", method=method.upper(), json=body)
    status = "202" if path.endswith(("/ratings", "/events")) else "200"
    assert str(answer.status_code) == status
    content = resolved(document, described["responses"][status])["content"]
    schema = schema_of(document, content["application/json"])
    Draft202012Validator(schema).validate(answer.get_json())
    # nothing is answered that the description does not have
    required = resolved(document, schema)["properties"]
    assert set(answer.get_json()) <= set(required)


@pytest.mark.parametrize(("method", "path", "asked", "body"), EXAMPLES)
def test_problems_are_as_described(asker, document, method, path, asked, body):
    responses = document["paths"][path][method]["responses"]
    where = asked.split("?")[0]
    if body is None:
        answer = asker.get(f"/api/v1{where}?nonsense=1")
    else:
        answer = asker.post(f"/api/v1{where}", json={"nonsense": 1})
    if answer.status_code == 200:
        assert where in ("/movies/100", "/version")  # which take nothing
        return
    assert answer.status_code == 422
    for status in ("422", "default"):
        content = resolved(document, responses[status])["content"]
        schema = schema_of(document, content["application/problem+json"])
        Draft202012Validator(schema).validate(answer.get_json())
