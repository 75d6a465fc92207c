"""`cinespark show --why`: from a row of a list back to the lines that it comes from."""

import csv
import io
import json
import re
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from click.testing import CliRunner
from made_versions import ABOUT, content
from pyiceberg.catalog.sql import SqlCatalog

from cinespark.cli.main import cli
from cinespark.data import landing
from cinespark.data.landing import About, seal
from cinespark.errors import CineSparkError
from cinespark.files import sha256_of
from cinespark.publish.publish import publish
from cinespark.versions.histories import history_of
from cinespark.versions.manifest import Dataset
from cinespark.vocabulary import IMPLICIT, USUAL, Vocabulary

TITLES = {10: "Heat", 20: "Casino", 30: "Ronin", 40: "Sneakers"}
RATINGS = [
    "7,10,3.0,100",
    "7,10,5.0,200",  # the later one counts
    "71,10,1.0,200",  # another user
    "7,20,4.0,150",
    "7,10,9.5,200",  # was rejected
    "8,40,2.5,86400",
    "7,30,1.0,90",
]
HISTORIES = {
    "user_ids": np.array([7, 8, 71]),
    "starts": np.array([0, 3, 4, 5]),
    "movie_ids": np.array([30, 20, 10, 40, 10]),
    "ratings": np.array([1.0, 4.0, 5.0, 2.5, 1.0], np.float32),
    "rated_at": np.array([90, 150, 200, 86400, 200]),
}
ROWS = [
    {
        "user_id": 7,
        "rank": 1,
        "movie_id": 40,
        "title": "Sneakers",
        "release_year": 1992,
        "genres": "Crime",
        "score": 1.0,
        "predicted_rating": 4.5,
        "reason": "because you rated Heat and Casino",
        "reason_movie_ids": [10, 20],
        "reason_contributions": [0.75, 0.5],
        "other_contributions": -0.125,
        "score_constant": -0.125,
        "source": "personal",
        "model_version": "abc",
        "generated_at": datetime(2026, 1, 1, tzinfo=UTC),
    },
    {
        "user_id": 7,
        "rank": 2,
        "movie_id": 50,
        "title": "Fargo",
        "release_year": None,
        "genres": "",
        "score": -1.0,
        "predicted_rating": 3.5,
        "reason": "popular with everybody",
        "reason_movie_ids": [],
        "reason_contributions": [],
        "other_contributions": None,
        "score_constant": None,
        "source": "popularity",
        "model_version": "abc",
        "generated_at": datetime(2026, 1, 1, tzinfo=UTC),
    },
]


def land(folder, lines, end="\n", header=landing.HEADERS["ratings.csv"]):
    """Return the manifest of a landing folder with these ratings."""
    folder.mkdir(parents=True)
    text = end.join([header, *lines, ""])
    (folder / "ratings.csv").write_text(text, newline="")
    (folder / "movies.csv").write_text("movieId,title,genres\n10,Heat (1995),Crime\n")
    return seal(folder, About("films", "made up", "none", "nobody"))


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Return a function that lands ratings, publishes rows and shows them."""
    (tmp_path / "dbt_project.yml").touch()
    monkeypatch.chdir(tmp_path)

    def run(
        lines=RATINGS,
        rows=ROWS,
        words=USUAL,
        histories=HISTORIES,
        sent=None,
        stream=None,
        **landed,
    ):
        manifest = land(tmp_path / "var" / "data" / "films", lines, **landed)
        ids = pa.array([row["user_id"] for row in rows])
        keys = pa.array([row["rank"] for row in rows], pa.int32())
        table = pa.Table.from_pylist(rows).set_column(1, "rank", keys)
        table = table.set_column(0, "user_id", ids)
        known = {"movie_id": list(TITLES), "title": list(TITLES.values())}
        made = content()
        made = replace(
            made,
            recommendations=table,
            movies=pa.table(known),
            arrays={**made.arrays, "histories": histories},
        )
        dataset = Dataset("films", "made up", "none", manifest.sha256, sent, stream)
        about = replace(ABOUT, vocabulary=words, dataset=dataset)
        publish(made, tmp_path / "var" / "exports", about)
        return tmp_path / "var"

    return run


def show(*words):
    return CliRunner(env={"COLUMNS": "120"}).invoke(cli, ["show", *words])


def rows_of(*words):
    return json.loads(show(*words, "--format", "json").output)


def test_a_row_is_laid_out_as_a_sum_with_the_lines_behind_it(project):
    state = project()
    result = show("--user", "7", "--why", "1")
    printed = " ".join(result.output.split())
    assert "Why Sneakers (1992) is number 1 for user 7" in printed
    assert "Heat 5 1970-01-01 3 (2 superseded) 0.750000" in printed
    assert "Casino 4 1970-01-01 5 0.500000" in printed
    assert "the other 1 movie -0.125000" in printed
    assert "constant -0.125000" in printed
    assert "score 1.000000" in printed
    assert "because you rated Heat and Casino" in printed
    ratings = state / "data" / "films" / "ratings.csv"
    assert f"var/data/films/ratings.csv, SHA-256 {sha256_of(ratings)}" in result.output
    manifest = next(state.glob("exports/*/manifest.json"))
    version = json.loads(manifest.read_text())
    sums = f"version {version['version']}, SHA-256 {version['content_sha256']}"
    assert sums in result.output


def test_what_rules_add_is_a_term_of_its_own(project):
    moved = {**ROWS[0], "score": 0.25, "rule_adjustment": -0.75, "rule_lines": [3]}
    project(rows=[moved, {**ROWS[1], "rule_adjustment": 0.0, "rule_lines": []}])
    printed = " ".join(show("--user", "7", "--why", "1").output.split())
    assert "constant -0.125000 rules and diversity -0.750000 score 0.250000" in printed
    rows = rows_of("--why", "1")
    assert sum(row["amount"] for row in rows[:-1]) == rows[-1]["amount"]


def test_rows_of_a_sum_add_up_for_programs(project):
    state = project()
    rows = rows_of("--why", "1")
    assert [row["term"] for row in rows] == [
        *("movie", "movie", "others", "constant", "score")
    ]
    assert sum(row["amount"] for row in rows[:-1]) == rows[-1]["amount"]
    heat, casino = rows[:2]
    assert (heat["movie_id"], heat["line"], heat["line_count"]) == (10, 3, 3)
    assert (casino["line"], casino["line_count"]) == (5, 1)
    assert heat["file"] == "var/data/films/ratings.csv"
    assert heat["rated_at"] == "1970-01-01T00:03:20+00:00"
    lines = (state / "data/films/ratings.csv").read_text().splitlines()
    assert lines[heat["line"] - 1] == "7,10,5.0,200"
    assert lines[casino["line"] - 1] == "7,20,4.0,150"
    text = show("--why", "1", "--format", "csv").output
    assert [row["term"] for row in csv.DictReader(io.StringIO(text))] == [
        row["term"] for row in rows
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_count_whatever_ends_them(project, end):
    project(end=end)
    assert [row["line"] for row in rows_of("--why", "1")[:2]] == [3, 5]


def test_a_landing_file_that_is_gone_is_said_to_be(project):
    state = project()
    (state / "data/films/ratings.csv").unlink()
    result = show("--why", "1")
    assert "no lines: " in result.output
    assert "ratings.csv is gone" in result.output
    assert "Heat" in result.output
    shutil.rmtree(state / "data")
    result = show("--why", "1")
    assert "no lines: no data set in" in result.output
    assert all(row["line"] is None for row in rows_of("--why", "1"))
    assert rows_of("--why", "1")[0]["rating"] == 5.0  # as the version has it


def test_a_landing_file_of_another_sum_has_no_lines(project):
    state = project()
    with (state / "data/films/ratings.csv").open("a") as stream:
        stream.write("7,10,5.0,200\n")
    result = show("--why", "1")
    assert "ratings.csv has another SHA-256 now than" in result.output
    assert rows_of("--why", "1")[0]["line"] is None


def test_a_row_of_popularity_says_its_rule_and_nothing_else(project):
    project()
    result = show("--user", "7", "--why", "2")
    assert "popular with everybody" in result.output
    (row,) = rows_of("--user", "7", "--why", "2")
    assert (row["term"], row["amount"]) == ("score", -1.0)


def test_a_list_names_the_two_movies_that_add_most(project):
    project()
    printed = show("--user", "7").output
    assert "Heat and Casino" in printed
    assert re.search(r"Fargo .*popularity", printed)
    text = show("--user", "7", "--format", "csv").output
    first = next(csv.DictReader(io.StringIO(text)))
    assert json.loads(first["reason_movie_ids"]) == [10, 20]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ("--user", "7", "--why", "3"),
            "has 2 movies: give --why a number from 1 to 2",
        ),
        (("--user", "9", "--why", "1"), "user 9 has no recommendations"),
    ],
)
def test_a_place_that_is_not_there_is_refused(project, words, message):
    project()
    error = show(*words).exception
    assert isinstance(error, CineSparkError)
    assert message in str(error)


def test_a_version_of_before_reasons_is_shown_but_not_explained(project):
    new = ("reason", "other_contributions", "score_constant")
    old = [
        {key: row[key] for key in row if key not in new and "reason_" not in key}
        for row in ROWS
    ]
    project(rows=old)
    assert "your ratings" in show("--user", "7").output
    error = show("--why", "1").exception
    assert "older release, which does not say" in str(error)


def test_a_place_is_of_a_list(project):
    project()
    result = show("--leaderboard", "--why", "1")
    assert result.exit_code == 2
    assert "give it with --user" in result.output
    assert "0 is not in the range" in show("--why", "0").output


SHOP = Vocabulary("product", feedback=IMPLICIT)


def test_events_are_counted_and_the_last_one_is_the_line(project):
    lines = [
        "7,10,click,100",
        "7,20,buy,150",
        "7,10,buy,200",
        "7,30,view,90",
    ]
    project(lines, words=SHOP, header=landing.EVENTS)
    printed = " ".join(show("--why", "1").output.split())
    assert "chosen by the user on line adds" in printed  # and no stars
    assert "Heat 1970-01-01 4 (1 more) 0.750000" in printed
    assert "the other 1 product" in printed


def test_a_history_is_read_without_the_others(project):
    exports = project() / "exports"
    version = (exports / "current").read_text().strip()
    assert history_of(exports, version, 7) == {
        30: (1.0, 90),
        20: (4.0, 150),
        10: (5.0, 200),
    }
    assert history_of(exports, version, 71) == {10: (1.0, 200)}
    assert history_of(exports, version, 9) == {}


def segment(name, *rows):
    """Write a closed segment of the data set, and return its SHA-256."""
    lines = [
        json.dumps({**row, "line": line, "received_at": f"2026-01-01T00:00:0{second}Z"})
        for line, (second, row) in enumerate(rows, 1)
    ]
    folder = Path("var/incoming/films")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("".join(f"{line}\n" for line in lines))
    return sha256_of(folder / name)


def sent(movie, rating, rated_at, user=7):
    return {"user_id": user, "movie_id": movie, "rating": rating, "rated_at": rated_at}


@pytest.fixture
def pinned(project):
    """Write two segments and their list, beside one that no build has read."""
    files = {
        "a.jsonl": segment("a.jsonl", (3, sent(20, 4.0, 150)), (3, sent(20, 2.0, 150))),
        "b.jsonl": segment(
            "b.jsonl",
            (1, sent(20, 4.0, 150)),
            (2, sent(10, 5.0, 190)),
            (2, sent(20, 4.0, 150, user=71)),
        ),
    }
    segment("c.jsonl", (9, sent(20, 4.0, 150)))
    listed = [{"file": file, "sha256": sum_} for file, sum_ in files.items()]
    text = json.dumps({"sha256": "5" * 64, "files": listed})
    Path("var/incoming/films/pinned-5.json").write_text(text)
    project(sent="5" * 64)


def test_a_reason_that_rests_on_a_sent_rating_names_segment_and_line(pinned):
    """Casino's rating is in the file and in two segments: the last one counts."""
    heat, casino = rows_of("--user", "7", "--why", "1")[:2]
    assert (heat["file"], heat["line"]) == ("var/data/films/ratings.csv", 3)
    assert heat["line_count"] == 4
    assert (casino["file"], casino["line"]) == ("var/incoming/films/a.jsonl", 1)
    assert casino["line_count"] == 4
    printed = " ".join(show("--user", "7", "--why", "1").output.split())
    assert "Casino 4 1970-01-01 a 1 (3 superseded) 0.500000" in printed
    assert f"segments in var/incoming/films, SHA-256 {'5' * 64}" in printed


def test_a_segment_that_is_not_as_it_was_has_no_lines(pinned):
    with Path("var/incoming/films/a.jsonl").open("a") as stream:
        stream.write("{}\n")
    casino = rows_of("--user", "7", "--why", "1")[1]
    assert (casino["file"], casino["line"]) == ("var/data/films/ratings.csv", 5)
    printed = " ".join(show("--user", "7", "--why", "1").output.split())
    assert "no lines of what people sent" in printed


@pytest.fixture
def streamed(project):
    """Write the table of a stream, of which a build has read the first records."""
    state = project(stream={"topic": "ratings.films", "next_offsets": {"0": 9}})
    at = datetime.fromtimestamp(150, UTC)
    rows = [
        ("ratings.films", 0, 7, "7", "20", 4.0, at, None),
        ("ratings.films", 0, 8, "7", "20", 2.0, at, None),
        ("ratings.films", 0, 9, "7", "20", 4.0, at, None),  # after the build
        ("ratings.films", 1, 0, "7", "20", 4.0, at, None),
        ("ratings.films", 0, 3, "7", "20", 4.0, None, "no rating"),
        ("ratings.films", 0, 6, "71", "20", 4.0, at, None),
        ("ratings.other", 0, 6, "7", "20", 4.0, at, None),
    ]
    names = ["topic", "partition", "offset", "user_id", "movie_id", "rating"]
    names += ["rated_at", "reason"]
    types = [pa.string(), pa.int32(), pa.int64(), pa.string(), pa.string()]
    types += [pa.float64(), pa.timestamp("us", "UTC"), pa.string()]
    schema = pa.schema(list(zip(names, types, strict=True)))
    dicts = [dict(zip(names, row, strict=True)) for row in rows]
    table = pa.Table.from_pylist(dicts, schema)
    catalog = SqlCatalog(
        "lake",
        uri=f"sqlite:///{state}/catalog.db",
        warehouse=(state / "warehouse").as_uri(),
    )
    catalog.create_namespace("raw")
    catalog.create_table("raw.rating_events", schema).append(table)
    catalog.close()
    return state


def test_a_reason_that_rests_on_a_streamed_rating_names_partition_and_offset(streamed):
    casino = rows_of("--user", "7", "--why", "1")[1]
    assert (casino["file"], casino["line"]) == ("ratings.films/0", 7)
    assert casino["line_count"] == 3
    printed = " ".join(show("--user", "7", "--why", "1").output.split())
    assert "ratings.films/0 7 (2 superseded)" in printed
    assert "records of the topic ratings.films" in printed


def test_a_stream_whose_table_is_gone_has_no_records(streamed):
    (streamed / "catalog.db").unlink()
    casino = rows_of("--user", "7", "--why", "1")[1]
    assert (casino["file"], casino["line"]) == ("var/data/films/ratings.csv", 5)
    printed = " ".join(show("--user", "7", "--why", "1").output.split())
    assert "no records of the stream" in printed
