"""Files that versions share: one on the disk, and never written to again."""

import json
import os
import shutil

import pytest
from click.testing import CliRunner

from cinespark.cli.main import cli
from cinespark.errors import CineSparkError
from cinespark.publish.rollback import rollback
from cinespark.versions.history import history
from cinespark.versions.manifest import damaged_files, read_manifest
from cinespark.versions.versions import versions

# of made-up versions whose predictor differs; lists and serving.sqlite are the same
SAME = {
    *("histories.npz", "movies.parquet", "ranker.npz", "recommendations.csv"),
    *("recommendations.parquet", "serving.sqlite"),
    *("similar_movies.csv", "similar_movies.parquet"),
}


def inodes(folder):
    return {file.name: file.stat().st_ino for file in folder.iterdir()}


def sums(exports, version):
    return {file.path: file.sha256 for file in read_manifest(exports, version).files}


def shared(exports, one, other):
    mine, others = inodes(exports / one), inodes(exports / other)
    return {name for name in mine if mine[name] == others[name]}


def test_files_with_the_same_sum_are_one_file_and_no_others(exports, put):
    first, second = put(), put(factor=2.0)
    assert shared(exports, first, second) == SAME
    mine, others = sums(exports, first), sums(exports, second)
    assert {name for name in mine if mine[name] == others[name]} == SAME
    assert damaged_files(exports, first) == damaged_files(exports, second) == []


def test_a_file_of_any_version_that_is_there_is_shared(exports, put):
    first = put()
    put(factor=2.0, titles=("Heat", "Fargo"))
    third = put(factor=3.0)
    assert shared(exports, first, third) >= {"recommendations.parquet"}


def test_what_goes_leaves_the_files_of_those_that_stay(exports, put):
    first = put(keep=1)
    kept = (exports / first / "ranker.npz").read_bytes()
    last = [put(factor=factor, keep=1) for factor in (2.0, 3.0, 4.0)][-1]
    assert first not in versions(exports)
    assert (exports / last / "ranker.npz").read_bytes() == kept
    assert damaged_files(exports, last) == []


def damage(file):
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    with file.open("r+b") as stream:  # in place: what nothing here does
        stream.write(data)


def test_a_damaged_file_is_not_shared(exports, put):
    first = put()
    damage(exports / first / "ranker.npz")
    (exports / first / "histories.npz").unlink()
    second = put(factor=2.0)
    assert shared(exports, first, second) == SAME - {"ranker.npz", "histories.npz"}
    assert damaged_files(exports, second) == []


def test_damage_in_a_shared_file_is_seen_in_each_and_the_next_version_is_whole(
    exports, put
):
    first, second = put(), put(factor=2.0)
    damage(exports / second / "ranker.npz")
    assert damaged_files(exports, first) == damaged_files(exports, second)
    with pytest.raises(CineSparkError, match=r"is damaged, .* ranker\.npz"):
        rollback(exports, first)
    third = put(factor=3.0)
    assert damaged_files(exports, third) == []


def test_versions_that_were_written_are_left_as_they_are_to_the_byte(exports, put):
    kept = {}
    for factor in (1.0, 2.0, 3.0, 1.0):
        version = put(factor=factor)
        for name, data in kept.items():
            assert {file.name: file.read_bytes() for file in name.iterdir()} == data
        folder = exports / version
        kept[folder] = {file.name: file.read_bytes() for file in folder.iterdir()}
    rollback(exports, versions(exports)[-1])
    for name, data in kept.items():
        assert {file.name: file.read_bytes() for file in name.iterdir()} == data


@pytest.mark.parametrize(
    "reason", [OSError(1, "no links"), OSError(18, "cross-device")]
)
def test_where_the_disk_has_no_links_copies_stay(exports, put, monkeypatch, reason):
    def no_link(*_, **__):
        raise reason

    first = put()
    monkeypatch.setattr(os, "link", no_link)
    second = put(factor=2.0)
    assert shared(exports, first, second) == set()
    assert damaged_files(exports, second) == []


def test_a_copy_elsewhere_is_whole_by_itself(exports, put, tmp_path):
    put()
    second = put(factor=2.0)
    shutil.copytree(exports / second, tmp_path / "elsewhere" / second)
    shutil.rmtree(exports)
    assert damaged_files(tmp_path / "elsewhere", second) == []


def test_the_history_says_what_versions_take_and_share(exports, put):
    first = put()
    (alone,) = history(exports)
    assert alone.bytes == sum(one.stat().st_size for one in (exports / first).iterdir())
    assert alone.shared_bytes == 0
    second = put(factor=2.0)
    for entry in history(exports):
        folder = exports / entry.version
        both = sum((folder / name).stat().st_size for name in SAME)
        assert entry.shared_bytes == both
    words = ["--state-dir", str(exports.parent), "history", "--format", "json"]
    rows = json.loads(CliRunner().invoke(cli, words).output)
    assert rows[0]["version"] == second
    assert rows[0]["shared_bytes"] == both
    words = ["--state-dir", str(exports.parent), "history"]
    assert f"{both / 1e6:,.1f} shared" in CliRunner().invoke(cli, words).output
