"""Floods of ratings in the stream: warned of, held back, released and rejected."""

import json

import pandas as pd
import yaml
from click.testing import CliRunner
from made_feed import SELECTED
from made_stream import BEGAN

from cinespark.cli.main import cli
from dbt.adapters.sparksession.orphans import orphan_files

SCHEMA = "floods"
WINDOWS = ("+window_check_history", "rejected_rows")
USER, MOVIE = 99, 2
CROWD = range(201, 351)  # who give the movie five stars, within a minute
FAIR = range(351, 361)  # who give it three
BEFORE = BEGAN.replace(hour=9, minute=59, second=55)
UNIT_TESTS = (
    *("stg_stream__user_windows", "stg_stream__movie_windows"),
    *("stg_stream__held_records", "int_window_profile"),
)


def landed():
    """Return 80 ratings: each movie has two of the most stars, two of the fewest."""
    return [
        {
            "user_id": user,
            "movie_id": movie,
            "rating": ((user + movie) % 10 + 1) / 2,
            "rated_at": 100,
        }
        for user in range(1, 21)
        for movie in range(1, 5)
    ]


def one(user, movie, rating, at=200, **more):
    return {"user_id": user, "movie_id": movie, "rating": rating, "rated_at": at} | more


def flood():
    """Return one user's 120 ratings, a movie's 150 of five stars, and eleven others."""
    lost = {"event_id": "lost"}  # the answer of the broker, not the record
    return [
        *(one(USER, (1, 3, 4)[n % 3], 3.0, 200 + n) for n in range(120)),
        *(one(user, MOVIE, 5.0, **(lost if user == 201 else {})) for user in CROWD),
        *(one(user, MOVIE, 3.0) for user in FAIR),
        one(5, 3, 4.5),
    ]


def later():
    """Return three more of the user, two more of the movie's and one other."""
    return [
        *(one(USER, 1, 1.0, 400 + n) for n in range(3)),
        *(one(user, MOVIE, 5.0, 400) for user in (401, 402)),
        one(6, 3, 2.5, 400),
    ]


def stream(feed, rows, batch, starts):
    """Append a batch: an even user's ratings to partition 0, an odd one's to 1."""
    records = []
    for row in rows:
        partition = row["user_id"] % 2
        offset = starts.setdefault(partition, 0)
        more = {"sent_at": BEFORE}
        records.append(feed.record(partition, offset, row, batch, **more))
        starts[partition] += 1
    feed.stream(*records)


def facts_of(table):
    facts = table("fct_ratings")
    return {(row.user_id, row.movie_id): row.rating for row in facts.itertuples()}


def accounts_of(table, topic):
    """Return lines, accepted, superseded, rejected and held of all partitions."""
    names = [
        f"{one}_count" for one in ("line", "accepted", "superseded", "rejected", "held")
    ]
    rows = table("line_reconciliation")
    mine = rows[rows["source_file"].str.startswith(f"{topic}/")]
    return mine[names].sum().tolist()


def checks_of(table):
    """Return the last results: observed and success, by metric."""
    rows = table("window_checks").set_index("column")
    return {row.Index: (row.observed, row.success) for row in rows.itertuples()}


def held_of(table):
    rows = table("held_ratings")
    return rows.sort_values(["partition", "offset"], ignore_index=True)


def test_floods_are_warned_of_held_back_and_decided_on(feed, state_dir, spark, capfd):
    feed.land(landed())
    usual = {(row["user_id"], row["movie_id"]): row["rating"] for row in landed()}
    fair = usual | {(user, MOVIE): 3.0 for user in FAIR} | {(5, 3): 4.5}
    starts = {}
    stream(feed, flood(), 0, starts)
    feed.send([one(201, MOVIE, 5.0, event_id="lost")])

    def held(*words):
        given = ["--state-dir", str(state_dir), "held", "--schema", SCHEMA, *words]
        return CliRunner(env={"COLUMNS": "200"}).invoke(cli, given)

    # floods count, and there is a warning of each
    select = (*SELECTED, *WINDOWS)
    table = feed.build(SCHEMA, select=select, stream_drift=True)
    printed = capfd.readouterr().out
    assert "check of windows: user_ratings is 120, expected at most 100" in printed
    assert f"namely: user_id {USER} from 2026-03-01 09:59:00" in printed
    assert "top_flood_ratings is 160, expected at most 100" in printed
    checks = checks_of(table)
    assert checks["bottom_flood_ratings"] == (0, True)
    assert checks["held_rating_count"][1]
    crowded = fair | {(user, MOVIE): 5.0 for user in CROWD}
    counted = {(USER, movie): 3.0 for movie in (1, 3, 4)}
    assert facts_of(table) == crowded | counted
    assert accounts_of(table, feed.topic) == [281, 164, 117, 0, 0]
    assert "no build of schema floods has held ratings back" in str(held().exception)

    # they are held back, also what a segment has of them
    variables = {"stream_drift": True, "hold_floods": True}
    select = (*select, "held_ratings")
    table = feed.build(SCHEMA, select=select, **variables)
    assert facts_of(table) == fair
    assert accounts_of(table, feed.topic) == [281, 11, 0, 0, 270]
    assert checks_of(table)["held_rating_count"] == (270, False)
    shown = {hold["held_of"]: hold for hold in json.loads(held("--format=json").output)}
    assert shown.keys() == {str(USER), str(MOVIE)}
    assert {hold["ratings"] for hold in shown.values()} == {120, 150}
    assert "94.0 % of them 5.0 and usually 10.0 %" in shown[str(MOVIE)]["reason"]

    # somebody releases the user's, and rejects the movie's
    done = held("release", "--user", str(USER), "--by", "ann")
    assert done.output.startswith("released: 120 ratings of 1 flood"), done.exception
    done = held("reject", shown[str(MOVIE)]["hold_id"], "--by", "ann", "--why", "bots")
    assert done.output.startswith("rejected: 150 ratings of 1 flood"), done.exception
    assert held("release", "--all").output == "nothing waits for a decision\n"
    files = [str(file) for file in orphan_files(spark, state_dir, "raw")]
    assert not [file for file in files if "held_decisions" in file]  # Iceberg has each
    stream(feed, later(), 1, starts)
    table = feed.build(SCHEMA, select=select, **variables)
    decided = fair | counted | {(6, 3): 2.5}
    assert facts_of(table) == decided
    # of the windows that were decided on, five came later and wait
    assert accounts_of(table, feed.topic) == [287, 15, 117, 150, 5]
    reasons = table("rejected_rows")["reason"].unique().tolist()
    assert reasons == ["rejected as a top_flood by 'ann'"]
    assert json.dumps(one(202, MOVIE, 5.0)).replace(" ", "") in set(
        table("rejected_rows")["line"]
    )
    waiting = json.loads(held("--format=json").output)
    assert sorted((hold["status"], hold["ratings"]) for hold in waiting) == [
        *(("held", 2), ("held", 3)),
        ("rejected", 150),
    ]

    # and so it is whatever was staged before
    little_by_little = held_of(table)
    again = feed.build(SCHEMA, "--full-refresh", select=select, **variables)
    pd.testing.assert_frame_equal(held_of(again), little_by_little)
    assert facts_of(again) == decided
    assert accounts_of(again, feed.topic) == [287, 15, 117, 150, 5]


def test_windows_and_holds_are_right_on_small_tables(feed, dbt):
    """The unit tests of models that other builds do not have."""
    feed.land(landed())
    words = ["test", "--select"]
    words += [f"test_type:unit,{name}" for name in UNIT_TESTS]
    words += ["--vars", yaml.safe_dump({"stream_drift": True, "hold_floods": True})]
    result = dbt(*words, schema=SCHEMA)
    assert result.success, [node.message for node in result.result]
    kinds = [node.node.resource_type for node in result.result]  # hooks, too
    assert kinds.count("unit_test") == len(UNIT_TESTS)
