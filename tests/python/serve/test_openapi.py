"""The description of the API, and answers that are as it says."""

import pytest
from jsonschema import Draft202012Validator

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
]


@pytest.fixture
def document(client):
    return client.get("/api/v1/openapi.json").get_json()


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
    assert described == {(method, path) for method, path, _, _ in EXAMPLES}
    for path in document["paths"].values():
        for method in ("get", "post"):
            assert path.get(method, {"summary": "none"})["summary"]


@pytest.mark.parametrize(("method", "path", "asked", "body"), EXAMPLES)
def test_answers_are_as_described(client, document, method, path, asked, body):
    described = document["paths"][path][method]
    if body is not None:
        content = described["requestBody"]["content"]["application/json"]
        Draft202012Validator(schema_of(document, content)).validate(body)
    answer = client.open(f"/api/v1{asked}", method=method.upper(), json=body)
    assert answer.status_code == 200
    content = resolved(document, described["responses"]["200"])["content"]
    schema = schema_of(document, content["application/json"])
    Draft202012Validator(schema).validate(answer.get_json())
    # nothing is answered that the description does not have
    required = resolved(document, schema)["properties"]
    assert set(answer.get_json()) <= set(required)


@pytest.mark.parametrize(("method", "path", "asked", "body"), EXAMPLES)
def test_problems_are_as_described(client, document, method, path, asked, body):
    responses = document["paths"][path][method]["responses"]
    where = asked.split("?")[0]
    if body is None:
        answer = client.get(f"/api/v1{where}?nonsense=1")
    else:
        answer = client.post(f"/api/v1{where}", json={"nonsense": 1})
    if answer.status_code == 200:
        assert where in ("/movies/100", "/version")  # which take nothing
        return
    assert answer.status_code == 422
    for status in ("422", "default"):
        content = resolved(document, responses[status])["content"]
        schema = schema_of(document, content["application/problem+json"])
        Draft202012Validator(schema).validate(answer.get_json())
