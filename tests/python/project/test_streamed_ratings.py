"""Ratings that came by the stream, in the tables: recounted by Python alone."""

from collections import Counter

import numpy as np
import pandas as pd
import pytest
import yaml
from made_feed import MOVIES, SELECTED
from made_stream import TABLE, create_events, record

from dbt.adapters.sparksession import impl

DRIFT = ("stream_batches", "stream_star_windows", "+stream_genre_windows")


def rows_of(rng, count):
    """Return ratings of few users and movies in few seconds: most pairs come again."""
    return [
        {
            "user_id": int(rng.integers(1, 9)),
            "movie_id": int(rng.integers(1, 5)),
            "rating": float(rng.integers(1, 11)) / 2,
            "rated_at": int(rng.integers(100, 104)),
        }
        for _ in range(count)
    ]


def bad_records(feed, partition, start):
    """Return records that are rejected, with what becomes of each: text and reason."""
    row = {"user_id": 1, "movie_id": 2, "rating": 3.0, "rated_at": 100}
    long = b'{"x": "' + b"y" * 1200
    of_contract = [
        (b"[1]", "value is no object", "[1]"),
        (b"\xff\x00\x10", "value is not UTF-8", "0xff0010"),
        (b"\xfe" * 600, "value is too large", "0x" + "fe" * 499 + "… (600 bytes)"),
        (long, "value is not JSON", long.decode()[:1000] + "… (1207 bytes)"),
        ("é\n".encode(), "value is not JSON", "é\n"),
        (None, "tombstone", ""),
    ]
    records, expected = [], []
    for value, reason, text in of_contract:
        one = feed.record(partition, start, raw_value=value, reason=reason)
        records.append(one)
        expected.append((text, reason))
        start += 1
    misfits = [
        ({"rating": 9.0}, "rating 9.0 is outside 0.5 to 5.0"),
        ({"user_id": "ann"}, "user_id 'ann' is not a whole number"),
        ({"movie_id": 2**31}, "movie_id 2147483648 is above 2147483647"),
    ]
    for change, reason in misfits:
        one = feed.record(partition, start, row | change)
        records.append(one)
        expected.append((one["raw_value"].decode(), reason))
        start += 1
    return records, expected


def made_up(feed, rng, starts, batch):
    """Return records of two partitions, some of which name an event again."""
    records = []
    for row in rows_of(rng, 40):
        partition = row["user_id"] % 2
        if rng.random() < 0.6:  # sent again by a client: the same event
            row |= {"event_id": f"e{rng.integers(0, 4)}"}  # of eight users
        records.append(feed.record(partition, starts[partition], row, batch))
        starts[partition] += 1
    return records


def what_counts(landed, sent, records):
    """Return the rating that counts of each user and movie, and its source.

    And how many records are good, with repetitions, by source.
    """
    rows = [
        ((row["rated_at"], 0, n), row, "ratings.csv")
        for n, row in enumerate(sorted(landed, key=lambda row: row["rating"]))
    ]
    rows += [((row["rated_at"], 1, n), row, "segment") for n, row in enumerate(sent)]
    seen, good = set(), Counter()
    arrival = sorted(
        records, key=lambda one: (one["ingested_at"], one["partition"], one["offset"])
    )
    for one in arrival:
        source = f"{one['topic']}/{one['partition']}"
        good[source] += 1
        event = one["user_id"], one["event_id"]
        if one["event_id"] is not None and event in seen:
            continue
        seen.add(event)
        at = int(one["rated_at"].timestamp()), 2 + one["partition"], one["offset"]
        ids = {name: int(one[name]) for name in ("user_id", "movie_id")}
        row = {**ids, "rating": one["rating"], "rated_at": at[0]}
        rows.append((at, row, source))
    latest = {}
    for at, row, source in rows:
        pair = row["user_id"], row["movie_id"]
        if pair not in latest or at > latest[pair][0]:
            latest[pair] = at, row, source
    found = {pair: (row, source) for pair, (_, row, source) in latest.items()}
    return found, good


def facts_of(table):
    facts = table("fct_ratings")
    return {
        (row.user_id, row.movie_id): (row.rating, int(row.rated_at.timestamp()))
        for row in facts.itertuples()
    }


def as_facts(found):
    return {pair: (row["rating"], row["rated_at"]) for pair, (row, _) in found.items()}


def staged(table):
    rows = table("stg_stream__records")
    return rows.sort_values(["partition", "offset"], ignore_index=True)


def test_the_latest_of_file_segments_and_stream_counts_and_no_record_is_lost(feed):
    rng = np.random.default_rng(7)
    landed, sent = rows_of(rng, 20), rows_of(rng, 8)
    feed.land(landed)
    feed.send(sent)
    starts = {0: 0, 1: 3}  # whatever was before was never in the table
    first = made_up(feed, rng, starts, 0)
    bad, expected = bad_records(feed, 5, 0)
    feed.stream(*first, *bad)
    feed.stream(record("ratings.other", 0, 900, rows_of(rng, 1)[0]))
    feed.build("streamed", stream_drift=True)
    second = made_up(feed, rng, starts, 1)
    feed.stream(*second)
    feed.stream(*first[:5])  # again, as if a batch had been written twice
    table = feed.build("streamed", select=(*SELECTED, *DRIFT), stream_drift=True)
    found, good = what_counts(landed, sent, first + second)
    assert facts_of(table) == as_facts(found)
    kept = Counter(source for _, source in found.values())
    assert len(kept) == 4  # each source has some that count
    accounts = table("line_reconciliation").set_index("source_file")
    for source, count in good.items():
        mine = accounts.loc[source]
        assert (mine.line_count, mine.accepted_count) == (count, kept[source])
        assert (mine.superseded_count, mine.rejected_count) == (count - kept[source], 0)
    mine = accounts.loc["ratings.csv"]
    assert (mine.line_count, mine.accepted_count) == (20, kept["ratings.csv"])
    mine = accounts.loc[f"{feed.topic}/5"]
    assert mine.rejected_count == mine.line_count == len(bad)
    rejected = table("rejected_rows")
    assert set(rejected["source_file"]) == {f"{feed.topic}/5"}
    pairs = zip(rejected["line"], rejected["reason"], strict=True)
    assert sorted(pairs) == sorted(expected)
    positions = table("stream_positions").set_index("partition")
    assert positions["next_offset"].to_dict() == {**starts, 5: len(bad)}
    assert positions["record_count"].to_dict() == {
        **{0: starts[0], 1: starts[1] - 3},
        5: len(bad),
    }
    assert set(positions["topic"]) == {feed.topic}
    assert set(table("dim_users")["user_id"]) == {user for user, _ in found}
    little_by_little = staged(table)
    assert little_by_little["is_repeated"].sum() > 10
    again = feed.build("streamed", "--full-refresh", stream_drift=True)
    pd.testing.assert_frame_equal(staged(again), little_by_little)
    assert facts_of(again) == as_facts(found)
    check_drift(table, first, second, bad, little_by_little)


def test_what_the_stream_brought_is_counted_by_batch_and_hour(feed, dbt):
    """The unit tests of models that other builds do not have."""
    feed.land([{"user_id": 1, "movie_id": 1, "rating": 3.0, "rated_at": 100}])
    words = ["test", "--select"]
    words += [f"test_type:unit,{name.strip('+')}" for name in DRIFT]
    words += ["--vars", yaml.safe_dump({"stream_drift": True})]
    result = dbt(*words, schema="streamed")
    assert result.success, [node.message for node in result.result]
    kinds = [one.node.resource_type for one in result.result]  # hooks, too
    assert kinds.count("unit_test") == len(DRIFT)


def check_drift(table, first, second, bad, rows):
    """Compare batches and windows with what pandas counts."""
    accepted = rows[rows["reason"].isna() & ~rows["is_repeated"]]
    batches = table("stream_batches").sort_values("ingested_at", ignore_index=True)
    assert batches["record_count"].tolist() == [len(first) + len(bad), len(second)]
    assert batches["rejected_count"].tolist() == [len(bad), 0]
    by_batch = accepted.groupby("ingested_at")
    assert batches["accepted_count"].tolist() == by_batch.size().tolist()
    means = by_batch["rating"].mean().tolist()
    assert batches["rating_mean"].tolist() == pytest.approx(means)
    assert batches["user_count"].tolist() == by_batch["user_id"].nunique().tolist()
    lags = [1 + one["offset"] % 7 for one in first + bad]
    assert batches["lag_mean_seconds"][0] == pytest.approx(np.mean(lags))
    assert batches["lag_max_seconds"][0] == max(lags)
    hours = accepted["sent_at"].dt.floor("h")
    for stars in table("stream_star_windows").itertuples():
        of_hour = accepted[hours == stars.window_start]
        mine = of_hour["rating"] == stars.rating
        assert stars.rating_count == mine.sum()
        assert stars.rating_share == pytest.approx(mine.mean())
    genres = table("stream_genre_windows")
    assert genres["rating_count"].sum() == sum(
        len(genre_list.split("|")) * (accepted["movie_id"] == movie).sum()
        for movie, genre_list in MOVIES.items()
        if genre_list
    )
    for one in genres.itertuples():
        of_hour = accepted[hours == one.window_start]
        having = [movie for movie, all_ in MOVIES.items() if one.genre in all_]
        mine = of_hour[of_hour["movie_id"].isin(having)]
        assert one.rating_count == len(mine)
        assert one.rating_share == pytest.approx(len(mine) / len(of_hour))
        assert one.rating_mean == pytest.approx(mine["rating"].mean())


def test_what_the_stream_appends_while_a_build_runs_is_for_the_next_one(
    feed, monkeypatch
):
    row = {"user_id": 1, "movie_id": 1, "rating": 3.0, "rated_at": 100}
    feed.land([row])
    feed.stream(feed.record(0, 0, row | {"rating": 4.0}))
    later = [row | {"rating": 5.0}, {**row, "user_id": 2}]
    pin_rows, asked = impl.pin_rows, []

    def pin_and_go_on(session, table, *more):
        ends = pin_rows(session, table, *more)
        if table == "raw.rating_events" and not asked:
            records = [feed.record(n, 1, one, 1) for n, one in enumerate(later)]
            feed.stream(*records)
            asked.append(ends)
        return ends

    monkeypatch.setattr(impl, "pin_rows", pin_and_go_on)
    table = feed.build("stream_goes_on")
    assert asked == [{0: 1}]
    assert facts_of(table) == {(1, 1): (4.0, 100)}
    assert table("stream_positions")["next_offset"].tolist() == [1]
    table = feed.build("stream_goes_on")
    assert facts_of(table) == {(1, 1): (5.0, 100), (2, 1): (3.0, 100)}
    assert table("stream_positions")["next_offset"].tolist() == [2, 2]


def test_a_build_without_the_stream_and_with_other_vars(feed, monkeypatch):
    row = {"user_id": 1, "movie_id": 1, "rating": 3.0, "rated_at": 100}
    feed.land([row])
    feed.stream(
        feed.record(0, 0, row | {"rating": 4.5, "rated_at": 101}),
        feed.record(0, 1, row | {"user_id": 2, "rating": 9.0}),
    )

    def facts(**variables):
        select = ("+fct_ratings", "stream_positions")
        table = feed.build("stream_or_not", select=select, **variables)
        return facts_of(table), len(table("stream_positions"))

    assert facts() == ({(1, 1): (4.5, 101)}, 1)
    assert facts(stream=False) == ({(1, 1): (3.0, 100)}, 0)
    # judged anew where a var decides otherwise
    wide = facts(rating_max=10.0, like_threshold=8.0)
    assert wide == ({(1, 1): (4.5, 101), (2, 1): (9.0, 100)}, 1)
    assert facts() == ({(1, 1): (4.5, 101)}, 1)
    as_text = {("1", "1"): (4.5, 101)}
    assert facts(id_type="string") == (as_text, 1)
    monkeypatch.setenv("CINESPARK_KAFKA_TOPIC", "another.topic")
    assert facts() == ({(1, 1): (3.0, 100)}, 0)
    feed.stream(record("another.topic", 0, 7, row | {"rating": 0.5}))
    assert facts() == ({(1, 1): (0.5, 100)}, 1)


def test_events_of_file_segments_and_stream_add_up_each_once(feed):
    landed = [
        {"user": '"n° 1, b"', "movie": "x", "event": "purchase", "rated_at": 300},
        {"user": '"n° 1, b"', "movie": "y", "event": "click", "rated_at": 100},
    ]
    shop = {"id_type": "string", "feedback": "implicit"}
    feed.land(landed, "userId,movieId,event,timestamp", **shop)
    event = {"user_id": "n° 1, b", "movie_id": "x", "rating": 2.5, "rated_at": 200}
    lost = event | {"event_id": "click 0"}  # the broker's answer, not the record
    feed.send([event, lost])
    named = event | {"event_id": "click 1"}
    feed.stream(
        feed.record(0, 0, event),
        feed.record(0, 1, event),
        feed.record(0, 2, named),
        feed.record(0, 3, named),
        feed.record(1, 0, lost),
    )
    feed.build("streamed_events", **shop)
    feed.stream(
        feed.record(0, 4, named, 1),
        feed.record(1, 1, event | {"movie_id": "z", "rating": -1.0}, 1),
        feed.record(1, 2, event | {"user_id": " "}, 1),
    )
    table = feed.build("streamed_events", **shop)
    assert facts_of(table) == {
        ("n° 1, b", "x"): (4 + 2.5 + 4 * 2.5, 300),
        ("n° 1, b", "y"): (1.0, 100),
        ("n° 1, b", "z"): (-1.0, 200),
    }
    columns = ["line_count", "accepted_count", "superseded_count", "rejected_count"]
    counts = table("line_reconciliation").set_index("source_file")[columns]
    assert counts.loc["ratings.csv"].tolist() == [2, 2, 0, 0]
    # of the events that add up, the pair counts where the file has it
    assert counts.loc[f"{feed.topic}/0"].tolist() == [5, 0, 5, 0]
    assert counts.loc[f"{feed.topic}/1"].tolist() == [3, 1, 1, 1]
    segment = counts[counts.index.str.endswith(".jsonl")]
    assert segment.to_numpy().tolist() == [[2, 0, 2, 0]]
    reasons = table("rejected_rows")["reason"].tolist()
    assert reasons == ["user_id ' ' has spaces around it"]


@pytest.fixture
def without_table(spark):
    """Put the table of the stream aside."""
    create_events(spark)
    name = TABLE.removeprefix("lake.")  # the catalog is that of the session
    spark.sql(f"alter table {name} rename to {name}_aside")
    yield
    spark.sql(f"drop table if exists {name} purge")
    spark.sql(f"alter table {name}_aside rename to {name}")


def test_freshness_is_that_of_the_topic_and_no_matter_without_one(
    feed, dbt, without_table, tmp_path
):
    row = {"user_id": 1, "movie_id": 1, "rating": 3.0, "rated_at": 100}
    feed.land([row])
    words = yaml.safe_dump({"data_dir": str(tmp_path / "landing")})

    def freshness():
        result = dbt(
            *("source", "freshness", "--select", "source:stream.rating_events"),
            *("--vars", words),
            schema="freshness",
        )
        assert result.exception is None
        all_results = result.result.results  # those of hooks, too
        (found,) = [one for one in all_results if hasattr(one, "max_loaded_at")]
        return found.status, found.max_loaded_at.isoformat()[:16]

    assert freshness()[0] == "pass"
    feed.stream(record("ratings.other", 0, 0, row, 60))
    assert freshness()[0] == "pass"
    feed.stream(feed.record(0, 0, row, 1), feed.record(0, 1, row))
    assert freshness() == ("warn", "2026-03-01T10:00")
