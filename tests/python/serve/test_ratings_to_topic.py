"""Ratings that people send to the service, in the topic of a real broker."""

import json
import logging
import time
from types import SimpleNamespace

import pytest
from made_service import publish_service

from cinespark.cli.main import cli
from cinespark.errors import CineSparkError
from cinespark.serve import keeping
from cinespark.serve.incoming import closed_segments
from cinespark.serve.server import prepare_topic
from cinespark.serve.tokens import create_token
from cinespark.topic.topics import topic_counts

RATING = {"user_id": 1, "movie_id": 100, "rating": 4.5, "rated_at": 9}
TOPIC = "ratings.tiny"  # of the data set of the version


class Asker:
    """Who sends ratings to a service with a broker, and what it has kept."""

    def __init__(self, app, folder, token):
        self.app, self.folder = app, folder
        self.headers = {"Authorization": f"Bearer {token}"}
        self.client = app.test_client()

    def post(self, *ratings):
        answer = self.client.post(
            "/api/v1/ratings", json={"ratings": ratings}, headers=self.headers
        )
        assert answer.status_code == 202, answer.get_json()
        return answer.get_json()

    def lines(self):
        """Return what closed segments hold, by name and line."""
        self.app.extensions["cinespark_incoming"].close()
        return {
            (file.name, number): json.loads(line)
            for file in closed_segments(self.folder)
            for number, line in enumerate(file.read_text().splitlines(), 1)
        }

    def counted(self, kept):
        text = self.client.get("/metrics", headers=self.headers).get_data(as_text=True)
        name = f'cinespark_ratings_total{{kept="{kept}"}}'
        return sum(
            float(line.split()[-1])
            for line in text.splitlines()
            if line.startswith(name)
        )


@pytest.fixture
def to_topic(make_app, exports, tmp_path):
    """Return a function that makes a service with a broker."""
    made = []

    def make(is_wanted=True):
        publish_service(exports)
        token = create_token(tmp_path / "serve", "all", ["admin"])
        app = make_app(exports, to_topic=is_wanted)
        made.append(app.extensions["cinespark_keeping"])
        return Asker(app, tmp_path / "incoming", token)

    yield make
    for one in made:
        one.close()


def test_without_a_broker_the_receipt_names_a_segment(to_topic):
    asker = to_topic(is_wanted=False)
    found = asker.post(RATING, {**RATING, "movie_id": 101, "event_id": "mine"})
    assert (found["topic"], found["positions"]) == (None, [None, None])
    assert (found["first"], found["last"], found["event_ids"][1]) == (1, 2, "mine")
    lines = asker.lines()
    kept = [lines[found["segment"], line]["event_id"] for line in (1, 2)]
    assert kept == found["event_ids"]
    assert len(kept[0]) == 32
    assert asker.counted("segment") == 2


def test_where_no_broker_is_known_the_log_says_so_every_few_seconds(
    to_topic, caplog, monkeypatch
):
    monkeypatch.delenv("CINESPARK_KAFKA_BOOTSTRAP", raising=False)
    asker = to_topic()
    caplog.clear()
    for _ in range(3):
        assert asker.post(RATING)["topic"] is None
    monkeypatch.setattr(keeping, "time", SimpleNamespace(monotonic=lambda: 1e9))
    asker.post(RATING)
    said = [one for one in caplog.records if "no acknowledgement" in one.message]
    assert len(said) == 2
    assert "no broker is known" in said[0].reason


def test_two_users_may_have_an_event_of_one_name(to_topic):
    rows = [{**RATING, "user_id": user, "event_id": "a"} for user in (1, 2)]
    assert to_topic(is_wanted=False).post(*rows)["event_ids"] == ["a", "a"]


@pytest.mark.slow
def test_the_receipt_names_where_each_rating_is_in_the_topic(to_topic, own_broker):
    asker = to_topic()
    ratings = [
        {**RATING, "user_id": user, "event_id": f"e{user}"} for user in range(1, 20)
    ]
    found = asker.post(*ratings)
    assert (found["topic"], found["segment"], found["first"]) == (TOPIC, None, None)
    there = {
        (one.partition(), one.offset()): (one.key(), json.loads(one.value()))
        for one in own_broker.records(TOPIC)
    }
    assert len(there) == len(ratings)
    for rating, place in zip(ratings, found["positions"], strict=True):
        key, value = there[place["partition"], place["offset"]]
        assert (key, value) == (str(rating["user_id"]).encode(), rating)
    assert {place["partition"] for place in found["positions"]} == {0, 1}
    assert asker.lines() == {}
    assert asker.counted("topic") == len(ratings)


@pytest.mark.slow
def test_while_no_broker_answers_ratings_go_to_segments(
    to_topic, own_broker, monkeypatch, caplog
):
    monkeypatch.setattr(keeping.log, "propagate", True)
    asker = to_topic()
    assert asker.post(RATING)["topic"] == TOPIC
    own_broker.kill()
    with caplog.at_level(logging.ERROR, keeping.log.name):
        receipts = [asker.post({**RATING, "movie_id": one}) for one in range(100, 105)]
    assert {(one["topic"], *one["positions"]) for one in receipts} == {(None, None)}
    lines = asker.lines()
    assert [lines[one["segment"], one["first"]]["event_id"] for one in receipts] == [
        one["event_ids"][0] for one in receipts
    ]
    assert asker.counted("segment_without_broker") == 5
    told = [one for one in caplog.records if "go to segments" in one.getMessage()]
    assert 1 <= len(told) < 5  # once for each time that it was asked
    assert all(vars(one)["reason"] for one in told)
    own_broker.start()
    latest = time.monotonic() + 20
    while (last := asker.post({**RATING, "event_id": "last"}))["topic"] is None:
        assert time.monotonic() < latest
        time.sleep(0.5)
    assert (last["topic"], last["segment"]) == (TOPIC, None)
    events = [json.loads(one.value())["event_id"] for one in own_broker.records(TOPIC)]
    assert events[-1] == "last"
    # none is in the topic of which the receipt says that it is in a segment, but one
    # that the broker wrote and could not answer for
    assert len(set(events) & {one["event_ids"][0] for one in receipts}) <= 1


@pytest.mark.slow
def test_a_service_connects_before_anybody_posts(to_topic, own_broker):
    asker = to_topic()
    prepare_topic(asker.app)
    latest = time.monotonic() + 20
    while TOPIC not in [one.topic for one in topic_counts(own_broker.broker.address)]:
        assert time.monotonic() < latest
        time.sleep(0.1)
    assert asker.post(RATING)["topic"] == TOPIC


def test_a_service_begins_without_its_broker(to_topic, tmp_path, monkeypatch):
    asker = to_topic()
    prepare_topic(asker.app)  # there is none
    assert asker.post(RATING)["topic"] is None
    monkeypatch.delenv("CINESPARK_KAFKA_BOOTSTRAP", raising=False)
    with pytest.raises(CineSparkError, match="no broker is known: start one with"):
        cli(["--state-dir", str(tmp_path), "serve", "--kafka"], standalone_mode=False)


@pytest.mark.slow
def test_a_broker_that_was_stopped_is_asked_for_nothing(to_topic, own_broker):
    asker = to_topic()
    own_broker.stop()
    found = asker.post(RATING)
    assert found["topic"] is None
    assert found["segment"]


@pytest.mark.parametrize(
    "events", [["a", "a"], [""], ["x" * 201], ["a\nb"], ["\ud800"], [7], [["a"]]]
)
def test_what_names_no_rating_is_refused(to_topic, events):
    asker = to_topic(is_wanted=False)
    ratings = [{**RATING, "event_id": one} for one in events]
    answer = asker.client.post(
        "/api/v1/ratings", json={"ratings": ratings}, headers=asker.headers
    )
    assert answer.status_code == 422
    assert "event_id" in json.dumps(answer.get_json()["errors"])
    assert asker.lines() == {}
