"""What cannot be answered: a problem document, and nothing of the service itself."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_service import publish_service

SEARCHED = settings(
    max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
# bodies that look right at the first sight
IDS = JSON | st.integers(98, 132)
RATING = st.fixed_dictionaries(
    {"movie_id": IDS, "rating": JSON | st.floats(1, 5)},
    optional={"rated_at": JSON | st.integers(0, 9)},
)
NEW_PERSON = st.fixed_dictionaries(
    {"ratings": st.lists(RATING, max_size=4) | JSON},
    optional={
        "n": JSON,
        "genre": st.lists(st.sampled_from(["War", "Nix"])) | JSON,
        "from_year": JSON,
        "to_year": JSON,
        "exclude": st.lists(IDS),
        "explain": JSON,
    },
)
PAIR = st.fixed_dictionaries({"user_id": IDS, "movie_id": IDS})
PAIRS = st.fixed_dictionaries({"pairs": st.lists(PAIR) | JSON})


def require_problem(answer, *statuses):
    text = answer.get_data(as_text=True)
    assert answer.status_code in statuses, text
    assert answer.content_type == "application/problem+json"
    found = json.loads(text)
    assert found["status"] == answer.status_code
    assert found["title"]
    assert found["detail"]
    assert "Traceback" not in text
    assert ".py" not in text
    return found


def post(asker, path, body):
    return asker.post(path, data=json.dumps(body), content_type="application/json")


@SEARCHED
@given(body=NEW_PERSON | JSON)
def test_any_json_as_ratings_is_a_list_or_a_problem(asker, body):
    answer = post(asker, "/api/v1/recommendations", body)
    if answer.status_code != 200:
        require_problem(answer, 422, 413)


@SEARCHED
@given(body=PAIRS | JSON)
def test_any_json_as_pairs_is_predictions_or_a_problem(asker, body):
    answer = post(asker, "/api/v1/predictions", body)
    if answer.status_code != 200:
        require_problem(answer, 422, 413)


@SEARCHED
@given(text=st.text(), name=st.text(min_size=1), value=st.text())
def test_any_text_in_an_address_is_an_answer_or_a_problem(asker, text, name, value):
    from urllib.parse import quote

    part = quote(text, safe="")
    for path in (f"/users/{part}/recommendations", f"/movies/{part}", f"/{part}"):
        query = {name: value, "n": value}
        for given_query in ({}, query, {"search": value}):
            answer = asker.get(f"/api/v1{path}", query_string=given_query)
            if answer.status_code not in (200, 304):
                require_problem(answer, 400, 404, 405, 422)


@pytest.mark.parametrize(
    "user_id",
    [
        "999",
        "0",
        "-1",
        "1.0",
        "01x",
        str(2**63),
        "9" * 400,
        "1' or '1'='1",
        "null",
        "1;",
    ],
)
def test_an_unknown_user_is_a_problem_that_says_what_to_do(asker, user_id):
    found = require_problem(asker.get(f"/api/v1/users/{user_id}/recommendations"), 404)
    assert found["title"] == "No such user"
    assert "POST ratings to /api/v1/recommendations" in found["detail"]
    assert len(found["detail"]) < 300


@pytest.mark.parametrize("movie_id", ["1", "x", "' union select 1 --", "..%2f..%2fetc"])
@pytest.mark.parametrize("end", ["", "/similar"])
def test_an_unknown_movie_is_a_problem(asker, movie_id, end):
    found = require_problem(asker.get(f"/api/v1/movies/{movie_id}{end}"), 404)
    assert found["title"] == "No such movie"


def test_sql_in_parameters_is_a_value(exports, make_app):
    publish_service(exports, "string")
    asker = make_app(exports).test_client()
    for value in ("' or 1=1 --", '"; drop table users', "\0", "n° 1/x' --"):
        answer = asker.get(
            "/api/v1/users/n°%201%2Fx/recommendations",
            query_string={"exclude": value, "n": 1},
        )
        assert answer.status_code == (422 if value == "\0" else 200)
        path = "/api/v1/movies/popular"
        require_problem(asker.get(path, query_string={"genre": value}), 422)


@pytest.mark.parametrize(
    "query",
    [
        "n=0",
        "n=101",
        "n=x",
        "n=1.5",
        "from_year=nineteen",
        "from_year=2000&to_year=1999",
        "genre=Nix",
        "explain=perhaps",
        "from_yaer=1999",
        "genre=" + "x" * 200,
        "&".join(["exclude=1"] * 101),
    ],
)
def test_a_filter_that_cannot_be_is_a_problem_that_names_it(asker, query):
    path = f"/api/v1/users/1/recommendations?{query}"
    found = require_problem(asker.get(path), 422)
    assert query.split("=")[0] in json.dumps(found["errors"])


@pytest.mark.parametrize(
    ("data", "kind", "status"),
    [
        ("{", "application/json", 400),
        ("", "application/json", 400),
        ('{"ratings": ' + "9" * 5000 + "}", "application/json", 400),
        ('{"ratings": [{"movie_id": 100, "rating": NaN}]}', "application/json", 422),
        ('{"ratings": []}', "application/json", 422),
        ("ratings=1", "application/x-www-form-urlencoded", 415),
        ("{}", "text/plain", 415),
        ("[" * 100_000, "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b" " * 300_000, "application/json", 413),
    ],
)
def test_a_body_that_is_none_is_a_problem(asker, data, kind, status):
    path = "/api/v1/recommendations"
    answer = asker.post(path, data=data, content_type=kind)
    require_problem(answer, status)


def test_too_many_ratings_are_a_problem(asker):
    ratings = [{"movie_id": one, "rating": 3} for one in range(1001)]
    found = require_problem(
        asker.post("/api/v1/recommendations", json={"ratings": ratings}), 422
    )
    assert "Length must be between 1 and 1000" in json.dumps(found["errors"])


def test_another_method_is_a_problem_that_says_which_there_are(asker):
    answer = asker.delete("/api/v1/movies/101")
    require_problem(answer, 405)
    assert "GET" in answer.headers["Allow"]


def test_an_error_of_ours_says_nothing_of_itself(asker, monkeypatch, caplog):
    def fail(*_):
        raise RuntimeError("secret of app.py")

    monkeypatch.setattr("cinespark.serve.movie_answers.one_movie", fail)
    found = require_problem(asker.get("/api/v1/movies/101"), 500)
    assert "secret" not in json.dumps(found)
    (line,) = caplog.records
    assert line.route == "/api/v1/movies/<path:movie_id>"
    assert "101" not in f"{line.getMessage()} {vars(line).get('path')}"
