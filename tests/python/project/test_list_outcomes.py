"""Outcomes of lists, recounted by Python alone from the lines of the service."""

import json
from collections import Counter

import numpy as np
import pytest
import yaml
from scipy.stats import binomtest

from cinespark.data.landing import HEADERS, About, seal
from cinespark.serve.incoming import Incoming, closed_segments

NAME = "own-outcomes"
SELECTED = ("+list_outcomes", "+log_reconciliation", "rejected_rows")
BAD = {
    "shown": {
        "{": "line is not JSON of a list",
        json.dumps({"request_id": "x", "version": "v", "shown_at": 1}): "no movie_ids",
        json.dumps(
            {"request_id": "x", "version": "v", "movie_ids": ["b"], "shown_at": 1}
        ): "an id is not of the type of the data set",
    },
    "events": {
        json.dumps({"event": "seen", "movie_id": 1, "request_id": "x", "at": 1}): (
            "event 'seen' is not known"
        ),
        json.dumps({"event": "clicked", "movie_id": 1, "user_id": 1, "at": 1}): (
            "no request_id, nor a version and a user_id"
        ),
    },
}


@pytest.fixture(scope="module")
def landing(tmp_path_factory):
    folder = tmp_path_factory.mktemp("outcomes")
    rng = np.random.default_rng(2)
    ratings = [
        f"{user},{movie},{rng.integers(1, 6)},{rng.integers(900, 1200)}"
        for user in range(1, 6)
        for movie in rng.permutation(9)[:6]
    ]
    rows = {"ratings.csv": ratings, "movies.csv": ["1,Emma (1996),Drama"]}
    for file, header in HEADERS.items():
        text = "\n".join([header, *rows.get(file, []), ""])
        (folder / file).write_text(text)
    seal(folder, About(NAME, "a test", "none", "none"))
    return folder


@pytest.fixture(scope="module")
def sent(state_dir):
    """Write lists that were shown, and events about them and about others."""
    rng = np.random.default_rng(3)
    lists = [
        {
            "request_id": f"r{number}",
            "version": f"v{number % 2}",
            "user_id": int(rng.integers(1, 6)) if number % 4 else None,
            "movie_ids": [int(one) for one in rng.permutation(9)[:4]],
            "shown_at": 1000 + number,
        }
        for number in range(40)
    ]
    lists.append({**lists[0], "movie_ids": [8, 8]})  # the same id again
    lists.append({**lists[1], "request_id": "empty", "movie_ids": []})
    events = []
    for _ in range(150):
        one = lists[rng.integers(0, 40)]
        place = int(rng.integers(0, 6))  # beyond the list, too
        event = {
            "event": ["clicked", "dismissed"][rng.integers(0, 2)],
            "movie_id": (one["movie_ids"] + [77, 78])[place],
            "rank": place + 1 if rng.random() < 0.5 else None,
            "request_id": one["request_id"],
            "version": None,
            "user_id": None,
            "at": int(rng.integers(990, 1050)),
        }
        if rng.random() < 0.4 and one["user_id"]:
            event |= {"request_id": None, "version": one["version"]}
            event |= {"user_id": one["user_id"]}
        events.append(event)
    for kind, rows in (("shown", lists), ("events", events)):
        mine = Incoming(state_dir / kind)
        for start in range(0, len(rows), 30):
            mine.add(rows[start : start + 30], NAME)
            mine.close()
        bad = "".join(f"{line}\n" for line in BAD[kind])
        (state_dir / kind / NAME / f"z-{kind}.jsonl").write_text(bad)
    return lists, events


@pytest.fixture(scope="module")
def table(dbt, spark, landing, sent):
    words = yaml.safe_dump({"data_dir": str(landing), "outcomes": True})
    result = dbt(
        "build",
        "--select",
        *SELECTED,
        "test_type:unit,list_outcomes",
        "test_type:unit,int_list_events",
        "--indirect-selection",
        "cautious",
        "--vars",
        words,
        schema="outcomes",
    )
    assert result.success, [(node.node.name, node.message) for node in result.result]
    return lambda name: spark.table(f"outcomes.{name}").toPandas()


def places_by_event(lists, events):
    """Return for each event the list and rank that it is about, or None."""
    shown = {one["request_id"]: one for one in reversed(lists)}  # the first of an id
    found = []
    for event in events:
        if event["request_id"] is not None:
            candidates = [shown[event["request_id"]]]
        else:
            candidates = [
                one
                for one in shown.values()
                if (one["version"], one["user_id"])
                == (event["version"], event["user_id"])
                and one["shown_at"] <= event["at"]
            ]
        places = [
            (one["shown_at"], one["request_id"], rank)
            for one in candidates
            for rank, movie in enumerate(one["movie_ids"], 1)
            if movie == event["movie_id"] and event["rank"] in (None, rank)
        ]
        found.append(max(places)[1:] if places else None)
    return found


def test_outcomes_by_version_and_rank_are_those_counted_by_hand(table, sent, landing):
    lists, events = sent
    shown = {one["request_id"]: one for one in reversed(lists)}
    done = {
        kind: {
            place
            for place, event in zip(places_by_event(lists, events), events, strict=True)
            if place is not None and event["event"] == kind
        }
        for kind in ("clicked", "dismissed")
    }
    rated = {}
    for line in (landing / "ratings.csv").read_text().splitlines()[1:]:
        user, movie, stars, at = line.split(",")
        rated[int(user), int(movie)] = float(stars), int(at)
    counts = Counter()
    for one in shown.values():
        for rank, movie in enumerate(one["movie_ids"], 1):
            key = one["version"], rank
            counts[(*key, "shown")] += 1
            for kind, places in done.items():
                counts[(*key, kind)] += (one["request_id"], rank) in places
            stars, at = rated.get((one["user_id"], movie), (0, 0))
            counts[(*key, "rated")] += at >= one["shown_at"]
            counts[(*key, "liked")] += at >= one["shown_at"] and stars >= 4
    found = table("list_outcomes")
    assert len(found) == 2 * 4
    for row in found.itertuples():
        for kind in ("shown", "clicked", "dismissed", "rated", "liked"):
            expected = counts[row.version, row.rank, kind]
            assert getattr(row, f"{kind}_count") == expected
        test = binomtest(int(row.clicked_count), int(row.shown_count))
        interval = test.proportion_ci(method="wilson")
        assert row.click_rate_low == pytest.approx(interval.low, abs=1e-6)
        assert row.click_rate_high == pytest.approx(interval.high, abs=1e-6)
    assert found["clicked_count"].sum() > 20
    assert found["liked_count"].sum() > 0


def test_every_line_of_the_log_is_accounted_for(table, sent, state_dir):
    lists, events = sent
    accounts = table("log_reconciliation").set_index("source_file")
    assert set(accounts.index) == {
        file.name
        for kind in ("shown", "events")
        for file in closed_segments(state_dir / kind)
        if file.parent.name == NAME
    }
    sums = accounts.groupby("kind").sum(numeric_only=True)
    bad = {kind: len(lines) for kind, lines in BAD.items()}
    shown = sums.loc["shown"]
    assert shown.line_count == len(lists) + bad["shown"]
    assert (shown.counted_count, shown.repeated_count) == (len(lists) - 1, 1)
    places = places_by_event(lists, events)
    kinds = [event["event"] for event in events]
    different = {one for one in zip(places, kinds, strict=True) if one[0] is not None}
    found = sums.loc["events"]
    assert found.line_count == len(events) + bad["events"]
    assert found.counted_count == len(different)
    assert found.never_shown_count == places.count(None)
    assert found.repeated_count == len(events) - len(different) - places.count(None)
    assert found.repeated_count > 0
    rejected = table("rejected_rows")
    reasons = dict(zip(rejected["line"], rejected["reason"], strict=True))
    assert reasons == BAD["shown"] | BAD["events"]
