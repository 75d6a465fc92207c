"""Jars are those whose sums are committed, whatever a mirror or a disk says."""

import hashlib
import subprocess
from pathlib import Path

import pytest
from dbt_common.exceptions import DbtRuntimeError

from dbt.adapters.sparksession import jars
from dbt.adapters.sparksession.jars import (
    fetch_jars,
    jar_name,
    locked_jars,
    missing_jars,
)

CONTENT = b"a jar"
COORDINATES = "org.example:thing_2.13:1.0"
FILE = "org.example_thing_2.13-1.0.jar"


@pytest.fixture
def lock(tmp_path, monkeypatch):
    file = tmp_path / "jars.lock"
    digest = hashlib.sha256(CONTENT).hexdigest()
    file.write_text(f"# a comment\n\n{digest}  {COORDINATES}\n")
    monkeypatch.setattr(jars, "LOCK", file)
    return file


@pytest.fixture
def resolver(monkeypatch):
    """Return a function that puts bytes in the place of Spark's resolver."""

    def answer(content, returncode=0, stderr=""):
        def run(command, **_):
            folder = Path(command[-1]) / "jars"
            folder.mkdir()
            if content is not None:
                (folder / FILE).write_bytes(content)
            return subprocess.CompletedProcess(command, returncode, "", stderr)

        monkeypatch.setattr(subprocess, "run", run)

    return answer


def test_the_committed_lock_has_a_sum_for_each_jar():
    assert {name.split(":")[1] for name in locked_jars()} >= {
        "iceberg-spark-runtime-4.1_2.13",
        "sqlite-jdbc",
    }
    assert all(len(digest) == 64 for digest in locked_jars().values())


def test_a_jar_has_the_name_that_sparks_resolver_gives_it():
    assert jar_name(COORDINATES) == FILE


def test_a_damaged_jar_counts_as_missing(lock, tmp_path):
    assert missing_jars(tmp_path) == [FILE]
    (tmp_path / FILE).write_bytes(CONTENT)
    assert missing_jars(tmp_path) == []
    (tmp_path / FILE).write_bytes(CONTENT[:-1])
    assert missing_jars(tmp_path) == [FILE]


def test_what_the_resolver_brings_is_moved_into_the_folder(lock, resolver, tmp_path):
    resolver(CONTENT)
    folder = tmp_path / "state" / "jars"
    assert fetch_jars(folder) == [FILE]
    assert [file.name for file in folder.iterdir()] == [FILE]
    assert [file.name for file in folder.parent.iterdir()] == ["jars"]
    resolver(None, returncode=1)  # not asked a second time
    assert fetch_jars(folder) == []


def test_a_jar_with_another_sum_is_refused(lock, resolver, tmp_path):
    resolver(b"another jar")
    with pytest.raises(DbtRuntimeError, match="damaged or changed"):
        fetch_jars(tmp_path / "jars")
    assert list((tmp_path / "jars").iterdir()) == []


def test_a_resolver_that_fails_is_quoted(lock, resolver, tmp_path):
    stderr = (
        ":: problems ::\n  unresolved dependency: org.example#thing: not found\nx\n"
    )
    resolver(None, returncode=1, stderr=stderr)
    with pytest.raises(DbtRuntimeError, match="unresolved dependency: org"):
        fetch_jars(tmp_path / "jars")
