"""Every record is a row: read, or with the reason why it cannot be."""

from datetime import UTC, datetime

import malformed
import stream_worker
from malformed_records import MALFORMED, ODD

from cinespark.topic.contract import reason_of
from cinespark.topic.producer import sent

TABLE = "lake.raw.rating_events"


def read_back(spark_does, topic, values, keys=None):
    """Send values, stream them, and return their rows in the order of sending."""
    keys = keys or [b"7"] * len(values)
    places = sent(topic, list(zip(keys, values, strict=True)))
    spark_does(stream_worker.read_once, topic)
    found = spark_does(
        stream_worker.rows,
        "select partition, offset, reason, user_id, movie_id, rating, "
        "unix_micros(rated_at), event_id, raw_key, raw_value, unix_micros(sent_at), "
        f"unix_micros(ingested_at) from {TABLE} where topic = '{topic.topic}'",
    )
    by_place = {row[:2]: row[2:] for row in found}
    assert len(by_place) == len(found) == len(values)
    return [by_place[one.partition, one.offset] for one in places]


def test_malformed_records_are_rows_with_their_reason(spark_does, topic):
    values = [value for value, _ in MALFORMED.values()]
    before = datetime.now(UTC).timestamp()
    rows = read_back(spark_does, topic, values)
    after = datetime.now(UTC).timestamp()
    told = dict(zip(MALFORMED, (row[0] for row in rows), strict=True))
    assert told == {name: reason for name, (_, reason) in MALFORMED.items()}
    # what came is kept as it came
    assert [row[7] for row in rows] == [value and bytearray(value) for value in values]
    assert {bytes(row[6]) for row in rows} == {b"7"}
    for row in rows:
        assert before - 1 < row[8] / 1e6 <= row[9] / 1e6 < after  # sent, then ingested
    assert len({row[9] for row in rows}) == 1  # one batch


def test_odd_records_are_read_as_they_say(spark_does, topic):
    rows = read_back(spark_does, topic, [value for value, _ in ODD.values()])
    told = {name: row[:6] for name, row in zip(ODD, rows, strict=True)}
    assert told == {
        name: (None, user, movie, rating, seconds * 10**6, event)
        for name, (_, (user, movie, rating, seconds, event)) in ODD.items()
    }


def test_spark_and_the_contract_reject_the_same_records(spark_does, topic):
    values = [
        *(value for *_, value, _ in malformed.MALFORMED),
        *(value for _, value in malformed.GOOD_VALUES),
        *(value for value, _ in (MALFORMED | ODD).values()),
    ]
    rows = read_back(spark_does, topic, values)
    now = datetime.now(UTC).timestamp()
    pairs = zip(values, rows, strict=True)
    differing = [
        v for v, row in pairs if (row[0] is None) != (reason_of(v, now) is None)
    ]
    assert differing == []
    assert sum(row[0] is not None for row in rows) > 100


def test_a_row_without_a_reason_has_all_that_the_contract_asks_for(spark_does, topic):
    values = [value for value, _ in (MALFORMED | ODD).values()]
    for reason, user, movie, rating, rated_at, *_ in read_back(
        spark_does, topic, values
    ):
        assert reason is not None or None not in (user, movie, rating, rated_at)


def test_what_can_be_read_of_a_rejected_record_is_there(spark_does, topic):
    (row,) = read_back(
        spark_does,
        topic,
        [b'{"user_id": "ann", "movie_id": 9, "rating": "4", "rated_at": 60}'],
    )
    assert row[:6] == ("rating '\"4\"' is not a number", "ann", "9", None, 6e7, None)


def test_the_key_does_not_have_to_be_the_user(spark_does, topic):
    value = ODD["plain"][0]
    rows = read_back(spark_does, topic, [value] * 3, [None, b"another", b"\xff"])
    assert {row[:2] for row in rows} == {(None, "7")}
    assert [row[6] for row in rows] == [None, b"another", b"\xff"]
