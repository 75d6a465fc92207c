"""The log of what was shown, where there is one, and what people did with it."""

import json
import time

import pytest
from made_service import publish_service

from cinespark.serve import incoming
from cinespark.serve.incoming import closed_segments
from cinespark.serve.tokens import create_token

LIST = "/api/v1/users/1/recommendations"
CLICK = {"event": "clicked", "movie_id": 101, "rank": 1, "request_id": "a"}


def lines_in(folder):
    return [
        json.loads(line)
        for file in closed_segments(folder)
        for line in file.read_text().splitlines()
    ]


@pytest.fixture
def logging_app(exports, make_app):
    publish_service(exports)
    return make_app(exports, logs_lists=True)


def shown(app, tmp_path):
    app.extensions["cinespark_shown"].close()
    return lines_in(tmp_path / "shown")


def test_each_list_that_is_answered_is_in_the_log_once(logging_app, tmp_path):
    asker, begun = logging_app.test_client(), int(time.time())
    stored, filtered = (asker.get(f"{LIST}?n=3{more}") for more in ("", "&genre=War"))
    body = {"ratings": [{"movie_id": 100, "rating": 5}], "n": 2}
    new = asker.post("/api/v1/recommendations", json=body)
    same = asker.get(f"{LIST}?n=3", headers={"If-None-Match": stored.headers["ETag"]})
    assert same.status_code == 304  # shows nothing
    assert asker.get("/api/v1/users/999/recommendations").status_code == 404
    rows = shown(logging_app, tmp_path)
    for row, answer in zip(rows, (stored, filtered, new), strict=True):
        given = answer.get_json()
        assert row["request_id"] == given["request_id"]
        assert row["version"] == given["version"]
        listed = [place["movie_id"] for place in given["recommendations"]]
        assert row["movie_ids"] == listed != []
        assert row["user_id"] == given.get("user_id")
        assert begun <= row["shown_at"] <= time.time()
    assert [row["user_id"] for row in rows] == [1, 1, None]


def test_without_being_asked_nothing_is_logged(asker, tmp_path):
    assert "request_id" not in asker.get(LIST).get_json()
    assert not (tmp_path / "shown").exists()


def test_a_full_disk_costs_the_log_and_not_the_list(logging_app, monkeypatch):
    def full(file, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(incoming, "write_all", full)
    answer = logging_app.test_client().get(LIST)
    assert answer.status_code == 200
    assert "request_id" not in answer.get_json()


@pytest.fixture
def send(asker, tmp_path):
    """Return a function that sends events by a token."""

    def run(*events, scope="write", user=None):
        token = create_token(tmp_path / "serve", f"t{time.time_ns()}", [scope], user)
        headers = {"Authorization": f"Bearer {token}"}
        body = {"events": events}
        return asker.post("/api/v1/events", json=body, headers=headers)

    return run


def test_events_are_kept_with_a_receipt(send, asker, tmp_path):
    other = {"event": "dismissed", "movie_id": 7, "version": "v", "user_id": 1, "at": 9}
    answer = send(CLICK, other)
    assert answer.status_code == 202
    assert (answer.get_json()["first"], answer.get_json()["last"]) == (1, 2)
    asker.application.extensions["cinespark_events"].close()
    first, second = lines_in(tmp_path / "events")
    assert {name: first[name] for name in CLICK} == CLICK
    assert first["user_id"] is None
    assert time.time() - first["at"] < 60
    assert {name: second[name] for name in other} == other
    (file,) = closed_segments(tmp_path / "events")
    assert file.parent.name == "tiny"


@pytest.mark.parametrize(
    ("event", "status"),
    [
        ({**CLICK, "event": "seen"}, 422),
        ({**CLICK, "movie_id": "x"}, 422),
        ({**CLICK, "rank": 0}, 422),
        ({"event": "clicked", "movie_id": 1, "rank": 1}, 422),
        ({**CLICK, "user_id": "ann"}, 422),
        ({**CLICK, "more": 1}, 422),
    ],
)
def test_what_is_no_event_is_refused(send, tmp_path, event, status):
    answer = send(event)
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert not (tmp_path / "events").exists()


def test_only_who_may_write_and_of_oneself(send):
    assert send(CLICK, scope="read").status_code == 403
    assert send({**CLICK, "user_id": 2}, user="1").status_code == 403
    assert send({**CLICK, "user_id": 1}, user="1").status_code == 202


def test_an_event_of_a_users_token_is_of_that_user(send, asker, tmp_path):
    assert send(CLICK, user="1").status_code == 202
    asker.application.extensions["cinespark_events"].close()
    (event,) = lines_in(tmp_path / "events")
    assert event["user_id"] == 1


def test_a_log_that_cannot_be_costs_no_list(logging_app, tmp_path):
    (tmp_path / "shown").write_text("no folder")
    answer = logging_app.test_client().get(LIST)
    assert answer.status_code == 200
    assert "request_id" not in answer.get_json()
