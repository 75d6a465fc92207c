"""Publishing: whole versions only, one line that names the current."""

import csv
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from versions import ABOUT, content

from cinespark.errors import CineSparkError
from cinespark.exports import publish, rollback
from cinespark.published import (
    current_version,
    damaged_files,
    history,
    read_manifest,
    recommendations_of,
    versions,
)

FILES = [
    "histories.npz",
    "model_card.md",
    "movies.parquet",
    "predictor.npz",
    "recommendations.csv",
    "recommendations.parquet",
]


@pytest.fixture
def exports(tmp_path):
    return tmp_path / "exports"


@pytest.fixture
def put(exports):
    """Return a function that publishes a content and gives the current version."""

    def run(about=ABOUT, register=lambda folder: None, keep=5, **changes):
        publish(content(**changes), exports, about, register, keep=keep)
        return current_version(exports)

    return run


def test_a_version_holds_its_files_and_a_manifest_that_verifies(exports):
    files = publish(content(), exports, ABOUT)
    version = current_version(exports)
    manifest = json.loads((exports / version / "manifest.json").read_text())
    assert [file["path"] for file in manifest["files"]] == FILES
    rows = [3, None, 2, 2, 4, 4]
    for file, row, count in zip(manifest["files"], files, rows, strict=True):
        data = (exports / version / file["path"]).read_bytes()
        expected = (count, len(data), hashlib.sha256(data).hexdigest())
        assert (file["rows"], file["bytes"], file["sha256"]) == expected
        assert row[:2] == (version, f"{version}/{file['path']}")
        assert row[3:] == expected
    assert damaged_files(exports, version) == []


def test_parquet_and_csv_hold_the_same_rows_in_order(exports, put):
    folder = exports / put(users=(2, 1))
    parquet = pq.ParquetFile(folder / "recommendations.parquet").read().to_pylist()
    places = [(row["user_id"], row["rank"]) for row in parquet]
    assert places == [(1, 1), (1, 2), (2, 1), (2, 2)]
    with (folder / "recommendations.csv").open(newline="") as stream:
        lines = list(csv.DictReader(stream))
    assert [(line["user_id"], line["title"]) for line in lines] == [
        ("1", "Heat"),
        ("1", "Babe, the Pig"),
        ("2", "Heat"),
        ("2", "Babe, the Pig"),
    ]


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@SUM(A1)", "\tHeat", "\rHeat"])
def test_what_a_spreadsheet_would_run_is_text_in_the_csv(exports, put, title):
    folder = exports / put(titles=(title, "Se7en = seven"))
    with (folder / "recommendations.csv").open(newline="") as stream:
        lines = list(csv.DictReader(stream))
    assert [line["title"] for line in lines[:2]] == [f"'{title}", "Se7en = seven"]
    assert lines[0]["score"] == "-1.5"  # a number is no formula
    parquet = pq.ParquetFile(folder / "recommendations.parquet").read()
    assert parquet["title"][0].as_py() == title


def test_arrays_are_read_back_by_numpy_alone(exports, put):
    with np.load(exports / put() / "predictor.npz", allow_pickle=False) as arrays:
        assert arrays["user_ids"].tolist() == [1, 2]
        assert arrays["user_factors"].shape == (2, 3)


def test_the_same_content_of_a_later_build_is_not_published_again(exports, put):
    first = put(hour=1)
    manifest = (exports / first / "manifest.json").read_bytes()
    assert put(hour=2) == first
    assert versions(exports) == [first]
    assert (exports / first / "manifest.json").read_bytes() == manifest


@pytest.mark.parametrize("change", [{"titles": ("Heat", "Fargo")}, {"factor": 2.0}])
def test_other_lists_or_arrays_are_a_new_version_and_the_old_one_stays(
    exports, put, change
):
    old = put()
    assert put(**change) != old
    assert damaged_files(exports, old) == []


def test_the_last_five_versions_stay_and_the_current_one(exports, put):
    names = [put(factor=float(factor)) for factor in range(7)]
    assert len(versions(exports)) == 5
    assert current_version(exports) == names[-1]
    assert not list(exports.glob(".*-*"))
    other = next(name for name in versions(exports) if name != names[-1])
    rollback(exports, other)
    put(factor=float(names.index(other)), keep=2)  # taken as it is
    assert current_version(exports) == other
    assert len(versions(exports)) == 2


def test_a_current_version_that_lost_a_file_is_published_again(exports, put):
    lost = exports / put()
    (lost / "movies.parquet").unlink()
    again = put()
    assert damaged_files(exports, again) == []
    shutil.rmtree(exports / again)
    assert damaged_files(exports, put()) == []
    assert recommendations_of(exports, 1, 5).num_rows == 2


def test_without_recommendations_nothing_is_published(exports, put):
    assert put(users=()) is None
    first = put()
    assert put(users=()) == first


def test_registering_comes_before_the_version_and_promoting_after_it(exports):
    seen = []

    def register(folder):
        seen.append(("register", (folder / "predictor.npz").is_file()))
        return "7"

    def promote(manifest):
        is_current = manifest["version"] == current_version(exports)
        seen.append(("promote", is_current, manifest["registered_version"]))

    for _ in range(2):  # the second heals a crash in between
        publish(content(), exports, ABOUT, register, promote)
    promoted = ("promote", True, "7")
    assert seen == [("register", True), promoted, promoted]


def test_an_error_while_registering_leaves_what_is_published(exports, put):
    first = put()

    def register(folder):
        raise CineSparkError("no registry")

    with pytest.raises(CineSparkError, match="no registry"):
        put(register=register, factor=2.0)
    assert current_version(exports) == first
    assert versions(exports) == [first]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({}, "other lists from the same data, parameters and code"),
        (
            {"dataset": ABOUT["dataset"] | {"sha256": "f" * 64}},
            "other data: tiny 00000000 → tiny ffffffff",
        ),
        (
            {"parameters": {"recommender.top_n": "3", "bias.seed": "1"}},
            "other parameters: bias.seed None → 1, recommender.top_n 2 → 3",
        ),
        ({"git_commit": "2" * 40}, "other code: 11111111 → 22222222"),
    ],
)
def test_a_version_says_why_it_was_published(exports, put, change, why):
    first = put()
    assert read_manifest(exports, first)["reason"] == "first version"
    second = read_manifest(exports, put(about=ABOUT | change, factor=2.0))
    assert (second["reason"], second["previous"]) == (why, first)


def test_the_model_card_holds_its_tables_together(exports, put):
    card = (exports / put() / "model_card.md").read_text()
    assert "| licence | none \\| at all |" in card
    assert "| rmse_all | 0.9 |" in card
    row = "| ratings | mean_shift | warning | 0.07 | at most 0.05 | no |"
    assert row in card.splitlines()


def test_history_says_what_each_version_is(exports, put):
    first, second = put(), put(factor=2.0)
    damaged = put(factor=3.0)
    (exports / damaged / "manifest.json").write_text("{")
    rollback_to = rollback(exports, first)
    lines = {line["version"]: line for line in history(exports)}
    assert [line["version"] for line in history(exports)] == sorted(lines)[::-1]
    assert lines[rollback_to]["is_current"]
    assert lines[second]["warnings"] == ["mean_shift"]
    assert (lines[second]["dataset"], lines[second]["users"]) == ("tiny", 2)
    assert not lines[damaged]["is_whole"]
    assert "is damaged" in lines[damaged]["reason"]


def test_rolling_back_goes_to_what_was_current_before(exports, put):
    first, second = put(), put(factor=2.0)
    assert rollback(exports) == first
    assert current_version(exports) == first
    assert put(factor=2.0) == second  # publishing again needs no new version
    assert sorted(versions(exports)) == sorted([first, second])


def test_rolling_back_refuses_a_damaged_version_and_names_the_file(exports, put):
    first, second = put(), put(factor=2.0)
    (exports / first / "recommendations.csv").write_text("nothing")
    with pytest.raises(CineSparkError, match=rf"recommendations.csv .* {second} stays"):
        rollback(exports)
    assert current_version(exports) == second


def test_rolling_back_names_the_versions_that_are_there(exports, put):
    first = put()
    with pytest.raises(CineSparkError, match=f"no version nine .* one of {first}"):
        rollback(exports, "nine")
    with pytest.raises(CineSparkError, match=f"{first} is current already"):
        rollback(exports, first)
    with pytest.raises(CineSparkError, match=f"no version before {first}"):
        rollback(exports)


def test_rolling_back_moves_nothing_where_the_registry_refuses(exports, put):
    put()
    second = put(factor=2.0)

    def promote(manifest):
        raise CineSparkError("no such model")

    with pytest.raises(CineSparkError, match="no such model"):
        rollback(exports, promote=promote)
    assert current_version(exports) == second


def test_a_users_list_is_read_back_best_first(exports, put):
    put()
    rows = recommendations_of(exports, 2, 5).to_pylist()
    assert [row["title"] for row in rows] == ["Heat", "Babe, the Pig"]
    assert recommendations_of(exports, 2, 1).num_rows == 1


def test_an_unknown_user_is_told_the_ids_and_the_nearest(exports, put):
    put(users=(5, 9))
    with pytest.raises(CineSparkError, match=r"user 8 .* from 5 to 9; try --user 9"):
        recommendations_of(exports, 8, 5)


@pytest.mark.parametrize(
    "ask", [lambda exports: recommendations_of(exports, 1, 5), history, rollback]
)
def test_nothing_published_says_which_command_does(exports, ask):
    with pytest.raises(CineSparkError, match="dbt build"):
        ask(exports)


ENDLESS = """
import sys
from itertools import count
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from versions import ABOUT, content
from cinespark.exports import publish
for factor in count():
    publish(content(float(factor), users=range(2000)), Path(sys.argv[1]), ABOUT, keep=2)
    print("published", flush=True)
"""


@pytest.mark.parametrize("delay", [0.0, 0.01, 0.03, 0.05, 0.08])
def test_a_kill_leaves_a_current_version_that_verifies(exports, put, delay):
    here = str(Path(__file__).parent)
    command = [sys.executable, "-c", ENDLESS, str(exports), here]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True)
    process.stdout.readline()
    time.sleep(delay)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert damaged_files(exports, current_version(exports)) == []
    assert damaged_files(exports, put()) == []
    assert not list(exports.glob(".*-*"))
