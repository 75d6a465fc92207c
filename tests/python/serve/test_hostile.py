"""What is sent to break the service: it is a value or a problem, and harms nothing."""

import ast
import hashlib
import json
import re
from pathlib import Path

import pytest
from made_service import publish_service

from cinespark.serve import app as app_module
from cinespark.serve.tokens import create_token

HOSTILE = [
    "' or '1'='1",
    '"; drop table recommendations; --',
    "1 union select sha256 from tokens",
    "%' escape '%",
    '" OR titles MATCH "*',
    "NEAR(film, 1)",
    "title:film*",
    "\x00",
    "../../../../etc/passwd",
    "..\\..\\windows",
    "file:///etc/passwd",
    "http://127.0.0.1:9/",
    "{{7*7}}",
    "${jndi:ldap://127.0.0.1/a}",
    "<script>alert(1)</script>",
    "\r\nSet-Cookie: a=b",
    "\ud800",
    "\U0001f3ac" * 200,
    "-0",
    "1e309",
    "NaN",
    "true",
    "[]",
]
IN_ADDRESS = [value for value in HOSTILE if value != "\ud800"]  # which is no text there
TRICKS = [
    "/api/v1/../../../etc/passwd",
    "/api/v1/%2e%2e/%2e%2e/etc/passwd",
    "/api/v1/movies/..%2f..%2f..%2fetc%2fpasswd",
    "/api/v1//movies/101",
    "/api/v1/movies/101/",
    "/api/v1/movies/101%00.html",
    "/api/v1/movies/101;x=1",
    "/serve/tokens.json",
    "//evil.example.com/api/v1/version",
    "/API/V1/version",
]
SAME = [f"{name}?n=3" for name in ("/users/1/recommendations", "/movies/100/similar")]


def require_problem(answer):
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.content_type == "application/problem+json"
    assert json.loads(answer.text)["status"] == answer.status_code


def require_harmless(answer):
    """Raise unless an answer is right or a problem, and says nothing of the inside."""
    if answer.status_code >= 300:
        require_problem(answer)
    else:
        assert answer.content_type == "application/json"
    assert "Set-Cookie" not in answer.headers
    for inside in ("Traceback", "sqlite", "no such table", "root:", "syntax error"):
        assert inside not in answer.text


def parameters(asker):
    """Return each address with the names of what is in its query."""
    document = asker.get("/api/v1/openapi.json").get_json()
    for path, methods in document["paths"].items():
        if "get" in methods:
            found = methods["get"].get("parameters", [])
            yield path, [one["name"] for one in found if one.get("in") == "query"]


@pytest.mark.parametrize("id_type", ["int", "string"])
def test_whatever_is_in_a_parameter_is_a_value(exports, make_app, id_type):
    publish_service(exports, id_type)
    asker = make_app(exports).test_client()
    asked = 0
    for path, names in parameters(asker):
        for value in IN_ADDRESS:
            address = path.replace("{", "").replace("}", "")
            query = dict.fromkeys(names, value)
            for one in ({name: value} for name in [*names, "nonsense"]):
                require_harmless(asker.get(address, query_string=one))
                asked += 1
            require_harmless(asker.get(address, query_string=query))
            if "{" in path:
                start, _, rest = path.partition("{")
                require_harmless(asker.get(f"{start}{value}{rest.partition('}')[2]}"))
    assert asked > 100


@pytest.mark.parametrize("value", HOSTILE)
def test_whatever_is_in_a_body_is_a_value(asker, value):
    bodies = {
        "recommendations": [
            {"ratings": value},
            {"ratings": [{"movie_id": value, "rating": 5}]},
            {"ratings": [{"movie_id": 101, "rating": value}]},
            {"ratings": [{"movie_id": 101, "rating": 5}], "genre": [value]},
            {"ratings": [{"movie_id": 101, "rating": 5}], "exclude": [value]},
            {"ratings": [{"movie_id": 101, "rating": 5, value: 1}]},
        ],
        "predictions": [{"pairs": [{"user_id": value, "movie_id": value}]}],
    }
    for path, several in bodies.items():
        for body in several:
            answer = asker.post(f"/api/v1/{path}", json=body)
            require_problem(answer)
            require_harmless(answer)


def test_nothing_of_it_changes_what_is_served(asker, exports):
    def sums():
        files = sorted(exports.rglob("*"))
        return [
            hashlib.sha256(one.read_bytes()).digest() for one in files if one.is_file()
        ]

    before, lists = sums(), [asker.get(f"/api/v1{path}").data for path in SAME]
    for value in IN_ADDRESS:
        for path, names in parameters(asker):
            asker.get(path, query_string=dict.fromkeys(names, value))
    assert [asker.get(f"/api/v1{path}").data for path in SAME] == lists
    assert sums() == before


@pytest.mark.parametrize("path", TRICKS)
def test_a_trick_with_a_path_leads_nowhere(asker, path):
    answer = asker.get(path)
    require_harmless(answer)
    assert answer.status_code in (400, 404)


@pytest.mark.parametrize("path", ["/static/../app.py", "/static/%2e%2e/routes.py"])
def test_a_trick_with_a_file_of_the_page_leads_nowhere(asker, path):
    answer = asker.get(path)
    assert answer.status_code == 404
    assert "import" not in answer.text


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "X"])
def test_a_method_that_there_is_not_is_a_problem(asker, method):
    answer = asker.open("/api/v1/version", method=method)
    assert answer.status_code == 405
    require_problem(answer)


@pytest.mark.parametrize(
    "body",
    [
        {"ratings": {"movie_id": 101, "rating": 5}},
        {"ratings": [[101, 5]]},
        {"ratings": [{"movie_id": [101], "rating": 5}]},
        {"ratings": [{"movie_id": 101.5, "rating": 5}]},
        {"ratings": [{"movie_id": True, "rating": 5}]},
        {"ratings": [{"movie_id": 101, "rating": "5"}]},
        {"ratings": [{"movie_id": 101, "rating": True}]},
        {"ratings": [{"movie_id": 101, "rating": None}]},
        {"ratings": [{"movie_id": 2**70, "rating": 5}]},
        {"ratings": [{"movie_id": 101, "rating": 5}], "n": "3"},
        {"ratings": [{"movie_id": 101, "rating": 5}], "n": 3.5},
        {"ratings": [{"movie_id": 101, "rating": 5}], "explain": "perhaps"},
        {"ratings": [{"movie_id": 101, "rating": 5}], "from_year": -1},
        [],
        "text",
    ],
)
def test_a_wrong_type_is_a_problem(asker, body):
    answer = asker.post("/api/v1/recommendations", json=body)
    assert answer.status_code == 422
    require_problem(answer)


def test_a_body_that_is_packed_is_not_unpacked(asker):
    import gzip

    packed = gzip.compress(b" " * 100_000_000)  # a hundred thousand bytes of it
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    answer = asker.post("/api/v1/recommendations", data=packed, headers=headers)
    assert answer.status_code in (400, 413)
    require_problem(answer)


def test_only_what_is_described_and_four_more_addresses_are_there(asker):
    document = asker.get("/api/v1/openapi.json").get_json()
    there = {str(rule) for rule in asker.application.url_map.iter_rules()}
    there = {re.sub(r"<(?:path:)?(\w+)>", r"{\1}", path) for path in there}
    besides = {"/healthz", "/readyz", "/metrics", "/api/v1/openapi.json"}
    pages = {path for path in there if not path.startswith("/api/")} - besides
    assert there - pages == set(document["paths"]) | besides


def test_each_address_of_the_api_wants_a_token_once_there_is_one(asker, tmp_path):
    document = asker.get("/api/v1/openapi.json").get_json()
    create_token(tmp_path / "serve", "ann", ["read"])
    for path, methods in document["paths"].items():
        for method in set(methods) & {"get", "post", "put", "patch", "delete"}:
            address = path.replace("{", "").replace("}", "")
            assert asker.open(address, method=method.upper()).status_code == 401


def test_the_service_asks_nobody():
    """Nothing that opens connections is imported where requests are answered."""
    asking = {"requests", "httpx", "urllib3", "aiohttp", "ftplib", "smtplib"}
    asking |= {"urllib.request", "http.client", "cinespark.client", "cinespark.data"}
    for file in Path(app_module.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            names = []
            if isinstance(node, ast.Import):
                names = [one.name for one in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [
                    f"{node.module}",
                    *(f"{node.module}.{n.name}" for n in node.names),
                ]
            assert not asking & set(names), file
