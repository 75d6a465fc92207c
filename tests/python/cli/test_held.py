"""Listing what a build holds back, and deciding on it, without Spark."""

import json
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest
from click.testing import CliRunner
from pyiceberg.catalog.sql import SqlCatalog

from cinespark.cli.main import cli
from cinespark.stream.decisions import decisions

BEGAN = datetime(2026, 3, 1, 10, tzinfo=UTC)
TIME = pa.timestamp("us", "UTC")
COLUMNS = {
    **dict.fromkeys(
        ["hold_id", "status", "hold_rule", "topic", "hold_reason"], pa.string()
    ),
    **dict.fromkeys(["user_id", "movie_id"], pa.string()),
    **dict.fromkeys(["window_start", "ingested_at"], TIME),
}


def row(hold_id, user="ann", movie="m", rule="user_flood", status="held", batch=0):
    return {
        "hold_id": hold_id,
        "status": status,
        "hold_rule": rule,
        "topic": "ratings.films",
        "hold_reason": f"a flood of {user} or {movie}",
        "user_id": user,
        "movie_id": movie,
        "window_start": BEGAN,
        "ingested_at": BEGAN + timedelta(minutes=batch),
    }


@pytest.fixture
def built(tmp_path):
    """Return a function that makes the tables of a build, and the state folder."""
    options = {
        "uri": f"sqlite:///{tmp_path / 'catalog.db'}",
        "warehouse": str(tmp_path / "warehouse"),
    }

    def make(rows, counted=None, has_held=True):
        count = sum(one["status"] == "held" for one in rows)
        accounts = {"held_count": [0, count if counted is None else counted]}
        tables = {"line_reconciliation": pa.table(accounts)}
        if has_held:
            schema = pa.schema(COLUMNS.items())
            tables["held_ratings"] = pa.Table.from_pylist(rows, schema)
        with closing(SqlCatalog("lake", **options)) as catalog:
            for schema in ("raw", "cinespark"):
                catalog.create_namespace_if_not_exists(schema)
            catalog.create_table_if_not_exists("raw.rating_events", pa.schema([]))
            for name, table in tables.items():
                if catalog.table_exists(f"cinespark.{name}"):
                    catalog.drop_table(f"cinespark.{name}")
                made = catalog.create_table(f"cinespark.{name}", table.schema)
                made.append(table)
        return tmp_path

    return make


@pytest.fixture
def held(tmp_path):
    given = ["--state-dir", str(tmp_path), "held"]
    runner = CliRunner(env={"COLUMNS": "120", "USER": "eve", "LOGNAME": "eve"})
    return lambda *words: runner.invoke(cli, [*given, *words])


ROWS = [
    *(row("a1", "ann"), row("a1", "ann", batch=1)),
    row("b2", "bob", "[red]", "top_flood"),
    row("c3", "cleo", "ann", "bottom_flood", "rejected"),
]


def test_holds_are_listed_one_by_one(built, held):
    built(ROWS)
    printed = held().output
    assert "a1 held 2 a flood of ann or m" in " ".join(printed.split())
    assert "a flood of bob or [red]" in printed
    assert "to decide on: 3 ratings;" in printed
    first, *_ = json.loads(held("--format", "json").output)
    assert first["window_start"] == "2026-03-01T10:00:00+00:00"
    assert first["last_ingested_at"] == "2026-03-01T10:01:00+00:00"
    assert held("--format", "csv").output.count("\n") == 4


def test_a_decision_is_about_what_was_there(built, held):
    state = built(ROWS)
    done = held("release", "a1", "--why", "a party")
    assert done.output == (
        "released: 2 ratings of 1 flood; they count from the next `dbt build` on\n"
    )
    assert held("reject", "--movie", "[red]", "--by", "ann").exit_code == 0
    assert held("release", "c3").exit_code == 0
    said = decisions(state)
    names = ["decision_number", "hold_id", "decision", "held_of", "rating_count"]
    names += ["decided_by"]
    assert said[names].to_numpy().tolist() == [
        [1, "a1", "released", "ann", 2, "eve"],
        [2, "b2", "rejected", "[red]", 1, "ann"],
        [3, "c3", "released", "ann", 1, "eve"],
    ]
    assert said["why"].fillna("").tolist() == ["a party", "", ""]
    assert said["last_ingested_at"][0] == BEGAN + timedelta(minutes=1)
    listed = json.loads(held("--format=json").output)
    decided = {hold["hold_id"]: hold["decided"] for hold in listed}
    assert decided == {"a1": "released", "b2": "rejected", "c3": "released"}
    assert held("release", "--all").output == "nothing waits for a decision\n"
    # what comes later waits again
    built([*ROWS, row("a1", "ann", batch=2)])
    assert held("reject", "--all").output.startswith("rejected: 3 ratings of 1 flood;")


def test_a_user_is_no_movie_of_the_same_name(built, held):
    built(ROWS)
    assert held("reject", "--user", "ann").output.startswith("rejected: 2 ratings of 1")
    assert held("release", "--movie", "ann").output.startswith("released: 1 rating of")


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["release"], "name HOLDs, or give --user, --movie or --all"),
        (["reject", "a1", "--all"], "name HOLDs, or give --user, --movie or --all"),
        (["reject", "a1", "x9"], "no hold is called x9: `cinespark held` lists"),
        (["release", "--user", "m"], "no flood of user m is held"),
        (["release", "--user", "ann", "--movie", "m"], "no flood of movie m is held"),
    ],
)
def test_what_cannot_be_decided_on_is_said(built, held, words, error):
    state = built(ROWS)
    done = held(*words)
    assert error in f"{done.exception} {done.output}"
    assert decisions(state).empty


def test_without_holds_there_is_a_word_what_to_do(built, held):
    built(ROWS, has_held=False)
    assert "`hold_floods: true` under vars" in str(held().exception)
    built(ROWS, counted=0)  # that of a later build, which held nothing back
    assert "they are of two builds" in str(held("release", "--all").exception)
    built([])
    assert held().output == "nothing is held\n"
