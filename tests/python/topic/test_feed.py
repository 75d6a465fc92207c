"""Ratings sent as a feed, and read back from a real broker by a consumer of its own."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from itertools import pairwise
from pathlib import Path

import pytest

from cinespark.errors import CineSparkError
from cinespark.topic.contract import record_of
from cinespark.topic.feed import Pace, Stopping, feed
from cinespark.topic.producer import sent
from cinespark.topic.rows import Row
from cinespark.topic.settings import KafkaSettings
from cinespark.topic.topics import require_topic

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[3]
COMMAND = Path(sys.executable).with_name("cinespark")
RATING = {"user_id": 1, "movie_id": 50, "rating": 4.5, "rated_at": 881250949}
HEADER = "userId,movieId,rating,timestamp"


def rows(count, **more):
    for number in range(count):
        rating = {**RATING, "user_id": number, "event_id": f"e{number}", **more}
        yield Row(number + 1, rating, float(rating["rated_at"]))


def quiet(tally):
    pass


def values(messages):
    return [json.loads(one.value()) for one in messages]


@pytest.fixture
def produce(broker, tmp_path):
    """Return a function that starts `cinespark produce` into a new topic."""
    settings = broker.topic()
    command = [COMMAND, "--state-dir", tmp_path, "produce"]

    def run(*words, **more):
        return subprocess.Popen(
            [*command, *map(str, words)],
            cwd=ROOT,
            env=os.environ
            | {
                "CINESPARK_KAFKA_BOOTSTRAP": settings.bootstrap,
                "CINESPARK_KAFKA_TOPIC": settings.topic,
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **more,
        )

    vars(run)["topic"] = settings.topic
    return run


@pytest.fixture
def landed(tmp_path):
    """Return the lines of a data set that is current in the state folder."""
    sizes = ["--users", "30", "--movies", "40", "--ratings", "2000"]
    command = [COMMAND, "--state-dir", tmp_path, "data", "sample", *sizes]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return (tmp_path / "data/current/ratings.csv").read_text().splitlines()[1:]


def ended(process, given=None):
    """Return the exit code and what a process printed."""
    said, errors = process.communicate(given, timeout=60)
    return process.returncode, said, errors


def murmur2(data):
    """Return the hash of Kafka's client in Java, worked out by its definition."""
    mask, m = 0xFFFFFFFF, 0x5BD1E995
    found = (0x9747B28C ^ len(data)) & mask
    whole = len(data) // 4 * 4
    for at in range(0, whole, 4):
        k = int.from_bytes(data[at : at + 4], "little") * m & mask
        k = (k ^ k >> 24) * m & mask
        found = found * m & mask ^ k
    if rest := data[whole:]:
        found = (found ^ int.from_bytes(rest, "little")) * m & mask
    found = (found ^ found >> 13) * m & mask
    return found ^ found >> 15


def test_each_record_is_where_the_receipt_says(broker):
    settings = broker.topic()
    records = [
        record_of({**RATING, "user_id": user, "movie_id": movie})
        for user in (1, "ann", 2**40, "Ä 電")
        for movie in range(50)
    ]
    places = sent(settings, records)
    found = {
        (one.partition(), one.offset()): (one.key(), one.value())
        for one in broker.records(settings.topic)
    }
    assert len(found) == len(records) == len(set(places))
    assert [found[one.partition, one.offset] for one in places] == records


def test_a_user_has_the_partition_that_javas_client_gives(broker):
    settings = broker.topic()
    users = [1, 12, 123, 1234, 12345, "ann", "bob", 2**40, "Ä 電"]
    places = sent(settings, [record_of({**RATING, "user_id": one}) for one in users])
    wanted = [(murmur2(str(one).encode()) & 0x7FFFFFFF) % 2 for one in users]
    assert [one.partition for one in places] == wanted
    assert set(wanted) == {0, 1}


def test_what_no_broker_acknowledges_is_an_error_with_the_way_out(broker, own_broker):
    nowhere = KafkaSettings("127.0.0.1:9", "films")
    with pytest.raises(
        CineSparkError, match=r"no broker answers at 127\.0\.0\.1:9.*CIN"
    ):
        sent(nowhere, [record_of(RATING)], seconds=1)
    others = KafkaSettings(broker.broker.address, "not-there")
    with pytest.raises(CineSparkError, match="has no topic not-there"):
        require_topic(others)
    settings = own_broker.topic()
    own_broker.kill()
    with pytest.raises(CineSparkError, match=r"start it with `cinespark kafka start`"):
        sent(settings, [record_of(RATING)], seconds=1)


def test_a_file_is_replayed_in_the_order_of_its_times(produce, broker, tmp_path):
    file = tmp_path / "ratings.csv"
    lines = ["7,1,4.5,1003", "7,2,3,1000", "7,3,5,1002", "7,4,0.5,1001"]
    file.write_text("\n".join([HEADER, *lines]) + "\n")
    begun = time.monotonic()
    code, said, errors = ended(produce(file, "--speed", 2))
    assert code == 0, errors
    assert time.monotonic() - begun > 1.5
    assert re.search(r"4 of 4 ratings were acknowledged by .* in the topic", said)
    first = broker.records(produce.topic)
    assert [one.key() for one in first] == [b"7"] * 4
    assert [one["movie_id"] for one in values(first)] == [2, 4, 3, 1]
    assert (
        values(first)[0].items()
        >= {
            "user_id": 7,
            "rating": 3,
            "rated_at": 1000,
        }.items()
    )
    # sent again, each has the name that it had
    assert ended(produce(file))[0] == 0
    events = [one["event_id"] for one in values(broker.records(produce.topic))]
    assert len(events) == 8
    assert len(set(events)) == 4
    # and rated anew, another one and another time
    assert ended(produce(file, "--rate", 100, "--now"))[0] == 0
    new = values(broker.records(produce.topic))[8:]
    assert not {one["event_id"] for one in new} & set(events)
    assert all(time.time() - 60 < one["rated_at"] <= time.time() for one in new)


def test_ids_that_are_texts_stay_texts(produce, broker):
    line = json.dumps({**RATING, "user_id": "007", "movie_id": "0050", "event_id": "x"})
    code, _, errors = ended(produce("-"), line + "\n\n" + line + "\n")
    assert code == 0, errors
    found = values(broker.records(produce.topic))
    assert [(one["user_id"], one["movie_id"]) for one in found] == [("007", "0050")] * 2
    assert [one["event_id"] for one in found] == ["x", "x"]


def test_a_rate_and_a_count_are_kept(produce, broker, landed):
    begun = time.monotonic()
    code, _, errors = ended(produce("--rate", 200, "--count", 300))
    assert code == 0, errors
    assert time.monotonic() - begun > 1.4
    found = broker.records(produce.topic)
    assert len(found) == 300
    stamps = sorted(one.timestamp()[1] for one in found)
    assert 1300 < stamps[-1] - stamps[0] < 3000  # milliseconds, by the broker's clock
    assert {(one["user_id"], one["movie_id"]) for one in values(found)} == {
        tuple(map(int, line.split(",")[:2])) for line in landed[:300]
    }


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_when_somebody_wants_it_to_after_all_was_acknowledged(
    produce, broker, landed, number
):
    process = produce("--rate", 150)
    time.sleep(5)
    process.send_signal(number)
    code, said, errors = ended(process)
    assert code == 0, errors
    count = int(re.search(r"([\d,]+) of ([\d,]+) ratings", said)[1].replace(",", ""))
    assert 100 < count < 2000
    assert len(broker.records(produce.topic)) == count


def test_it_ends_while_it_waits_for_input(produce, broker):
    process = produce("-")
    process.stdin.write(json.dumps(RATING) + "\n")
    process.stdin.flush()
    latest = time.monotonic() + 20
    while not broker.records(produce.topic):  # sent as it came
        assert time.monotonic() < latest
    process.send_signal(signal.SIGTERM)
    process.wait(10)
    code, said, errors = ended(process)
    assert code == 0, errors
    assert "1 of 1 ratings were acknowledged" in said


def test_what_breaks_the_contract_is_not_sent_and_told(produce, broker, tmp_path):
    file = tmp_path / "lines.jsonl"
    lines = [RATING, {**RATING, "rating": "5"}, {**RATING, "user_id": ""}, RATING]
    file.write_text("".join(json.dumps(one) + "\n" for one in lines))
    code, said, errors = ended(produce(file))
    assert code == 1
    assert "2 of 4 ratings were acknowledged" in said
    assert "2 break the contract and were not sent (line 2: " in errors
    assert "rating is no number" in errors
    assert len(broker.records(produce.topic)) == 2


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            b"userId,movieId,event,timestamp\n1,2,click,3\n",
            "and not with userId,movieI",
        ),
        (HEADER.encode() + b"\n1,2,3\n", "line 2 has 3 fields, not 4"),
        (b'{"user_id": 1\n', "line 1 is no JSON"),
        (b"{}\n[1]\n", "line 2 is no object"),
        (HEADER.encode() + b"\n1,\xff,3,4\n", "is not UTF-8"),
    ],
)
def test_a_file_that_holds_no_ratings_is_named(produce, tmp_path, content, words):
    file = tmp_path / "odd"
    file.write_bytes(content)
    code, _, errors = ended(produce(file))
    assert code == 1
    assert str(file) in errors
    assert words in errors


def test_two_paces_or_none_are_refused(produce):
    code, _, errors = ended(produce("--rate", 5, "--speed", 2))
    assert (code, "two paces" in errors) == (1, True)
    code, _, errors = ended(produce())
    assert (code, "give --rate" in errors) == (1, True)
    code, _, errors = ended(produce("/not/there", "--rate", 1))
    assert (code, "/not/there cannot be read" in errors) == (1, True)


def test_a_broker_that_dies_and_comes_back_has_each_record_once(own_broker):
    settings = own_broker.topic()
    tallies = []

    def run():
        tallies.append(
            feed(settings, rows(6000), Pace(rate=1500), Stopping(), quiet, 60)
        )

    thread = threading.Thread(target=run)
    thread.start()
    for _ in range(2):
        time.sleep(1)
        own_broker.kill()
        own_broker.start()
    thread.join()
    (tally,) = tallies
    assert (tally.sent, tally.acknowledged, tally.failed) == (6000, 6000, 0)
    found = [one["event_id"] for one in values(own_broker.records(settings.topic))]
    assert len(found) == len(set(found)) == 6000
    # and in order, within a partition
    for partition in (0, 1):
        mine = [
            int(json.loads(one.value())["event_id"][1:])
            for one in own_broker.records(settings.topic)
            if one.partition() == partition
        ]
        assert all(one < other for one, other in pairwise(mine))


def test_what_was_not_acknowledged_is_counted(own_broker):
    settings = own_broker.topic()
    ending = threading.Timer(1, own_broker.kill)
    ending.start()
    tally = feed(settings, rows(2000), Pace(rate=1000), Stopping(), quiet, 2)
    ending.join()
    assert tally.sent == 2000
    assert 100 < tally.acknowledged < 2000
    assert tally.failed == tally.sent - tally.acknowledged
    assert tally.reasons
    own_broker.start()
    there = {one["event_id"] for one in values(own_broker.records(settings.topic))}
    assert len(there) >= tally.acknowledged
