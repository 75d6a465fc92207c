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
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cinespark.errors import CineSparkError
from cinespark.exports import current_version, publish, recommendations_of


def recommendations(users=(1, 2), titles=("Heat", "Babe, the Pig"), hour=1):
    return pa.table(
        {
            "user_id": pa.array([user for user in users for _ in titles], pa.int32()),
            "rank": pa.array([1, 2] * len(users), pa.int32()),
            "movie_id": pa.array([6, 34] * len(users), pa.int32()),
            "title": list(titles) * len(users),
            "generated_at": pa.array(
                [datetime(2026, 1, 1, hour, tzinfo=UTC)] * 2 * len(users),
                pa.timestamp("us", "UTC"),
            ),
        }
    )


def test_a_version_holds_parquet_csv_and_a_manifest_that_verifies(tmp_path):
    files = publish(recommendations(), tmp_path)
    version = current_version(tmp_path)
    manifest = json.loads((tmp_path / version / "manifest.json").read_text())
    assert [file["path"] for file in manifest["files"]] == [
        "recommendations.csv",
        "recommendations.parquet",
    ]
    for file, row in zip(manifest["files"], files, strict=True):
        content = (tmp_path / version / file["path"]).read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        assert (file["rows"], file["bytes"], file["sha256"]) == (
            4,
            len(content),
            digest,
        )
        assert row[:2] == (version, f"{version}/{file['path']}")
        assert row[3:] == (4, len(content), digest)


def test_parquet_and_csv_hold_the_same_rows_in_order(tmp_path):
    backwards = recommendations().take([3, 2, 1, 0])
    publish(backwards, tmp_path)
    folder = tmp_path / current_version(tmp_path)
    parquet = pq.ParquetFile(folder / "recommendations.parquet").read().to_pylist()
    assert [(row["user_id"], row["rank"]) for row in parquet] == [
        (1, 1),
        (1, 2),
        (2, 1),
        (2, 2),
    ]
    with (folder / "recommendations.csv").open(newline="") as stream:
        lines = list(csv.DictReader(stream))
    assert [(line["user_id"], line["title"]) for line in lines] == [
        ("1", "Heat"),
        ("1", "Babe, the Pig"),
        ("2", "Heat"),
        ("2", "Babe, the Pig"),
    ]


def test_the_same_lists_of_a_later_build_are_not_published_again(tmp_path):
    first = publish(recommendations(hour=1), tmp_path)
    again = publish(recommendations(hour=2), tmp_path)
    assert again == first
    assert len([path for path in tmp_path.iterdir() if path.is_dir()]) == 1


def test_other_lists_are_a_new_version_and_the_old_one_stays(tmp_path):
    publish(recommendations(), tmp_path)
    old = current_version(tmp_path)
    publish(recommendations(titles=("Heat", "Fargo")), tmp_path)
    assert current_version(tmp_path) != old
    assert (tmp_path / old / "recommendations.csv").is_file()


def test_a_current_version_that_lost_a_file_is_published_again(tmp_path):
    publish(recommendations(), tmp_path)
    lost = tmp_path / current_version(tmp_path)
    shutil.rmtree(lost)
    publish(recommendations(), tmp_path)
    assert recommendations_of(tmp_path, 1, 5).num_rows == 2


def test_an_empty_table_publishes_nothing(tmp_path):
    assert publish(recommendations(users=()), tmp_path) == []
    assert current_version(tmp_path) is None
    published = publish(recommendations(), tmp_path)
    assert publish(recommendations(users=()), tmp_path) == published


def test_a_users_list_is_read_back_best_first(tmp_path):
    publish(recommendations(), tmp_path)
    rows = recommendations_of(tmp_path, 2, 5).to_pylist()
    assert [row["title"] for row in rows] == ["Heat", "Babe, the Pig"]
    assert recommendations_of(tmp_path, 2, 1).num_rows == 1


def test_an_unknown_user_is_told_the_ids_and_the_nearest(tmp_path):
    publish(recommendations(users=(5, 9)), tmp_path)
    with pytest.raises(CineSparkError, match=r"user 8 .* from 5 to 9; try --user 9"):
        recommendations_of(tmp_path, 8, 5)


def test_nothing_published_says_which_command_does(tmp_path):
    with pytest.raises(CineSparkError, match="dbt build"):
        recommendations_of(tmp_path, 1, 5)


ENDLESS = """
import sys
from itertools import cycle
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from test_exports import recommendations
from cinespark.exports import publish
for titles in cycle([("Heat", "Fargo"), ("Babe", "Heat"), ("Fargo", "Babe")]):
    publish(recommendations(users=range(2000), titles=titles), Path(sys.argv[1]))
    print("published", flush=True)
"""


@pytest.mark.parametrize("delay", [0.0, 0.01, 0.03, 0.05, 0.08])
def test_a_kill_leaves_a_current_version_that_verifies(tmp_path, delay):
    command = [sys.executable, "-c", ENDLESS, str(tmp_path), str(Path(__file__).parent)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True)
    process.stdout.readline()
    time.sleep(delay)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    folder = tmp_path / current_version(tmp_path)
    manifest = json.loads((folder / "manifest.json").read_text())
    for file in manifest["files"]:
        content = (folder / file["path"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == file["sha256"]
    publish(recommendations(), tmp_path)
    assert not list(tmp_path.glob(".new-*"))
