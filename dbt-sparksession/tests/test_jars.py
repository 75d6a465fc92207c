"""Jars are those whose sums are committed, whatever a mirror or a disk says."""

import hashlib
import subprocess
from pathlib import Path

import pytest
from dbt.adapters.exceptions import FailedToConnectError
from dbt_common.exceptions import DbtRuntimeError
from pyspark import SparkContext

from dbt.adapters.sparksession import jars
from dbt.adapters.sparksession.credentials import SparkSessionCredentials
from dbt.adapters.sparksession.jars import (
    fetch_jars,
    jar_files,
    jar_name,
    locked_jars,
    missing_jars,
    stale_files,
)
from dbt.adapters.sparksession.session import get_session, session_config

ROOT = Path(__file__).parents[2]
CONTENT = b"a jar"
COORDINATES = "org.example:thing_2.13:1.0"
FILE = "org.example_thing_2.13-1.0.jar"


def names(folder):
    return sorted(file.name for file in folder.iterdir() if file.name != ".lock")


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
    assert names(folder) == [FILE]
    assert names(folder.parent) == ["jars"]
    resolver(None, returncode=1)  # not asked a second time
    assert fetch_jars(folder) == []


def test_a_jar_with_another_sum_is_refused(lock, resolver, tmp_path):
    resolver(b"another jar")
    with pytest.raises(DbtRuntimeError, match="damaged or changed"):
        fetch_jars(tmp_path / "jars")
    assert names(tmp_path / "jars") == []


def test_a_resolver_that_fails_is_quoted(lock, resolver, tmp_path):
    stderr = (
        ":: problems ::\n  unresolved dependency: org.example#thing: not found\nx\n"
    )
    resolver(None, returncode=1, stderr=stderr)
    with pytest.raises(DbtRuntimeError, match="unresolved dependency: org"):
        fetch_jars(tmp_path / "jars")


def test_jars_of_another_lock_and_parts_are_deleted(lock, resolver, tmp_path):
    folder = tmp_path / "jars"
    folder.mkdir()
    resolver(None, returncode=1)  # not asked: what is locked is there
    (folder / FILE).write_bytes(CONTENT)
    (folder / "org.example_thing_2.13-0.9.jar").write_bytes(b"an older jar")
    (folder / "classes-0.jsa").write_bytes(b"another's business")
    (folder / ".new" / "cache").mkdir(parents=True)
    assert fetch_jars(folder) == []
    assert names(folder) == ["classes-0.jsa", FILE]


def test_the_jars_of_another_project_are_its_own(lock, resolver, tmp_path):
    resolver(CONTENT)
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "org.example_thing_2.13-0.9.jar").write_bytes(b"older")
    (tmp_path / "jars").symlink_to("theirs")
    assert fetch_jars(tmp_path / "jars") == [FILE]
    assert names(tmp_path / "theirs") == ["org.example_thing_2.13-0.9.jar", FILE]


def test_a_damaged_jar_is_fetched_again_and_the_good_one_is_not(
    lock, resolver, tmp_path
):
    other = "org.example:other:2.0"
    digest = hashlib.sha256(b"other").hexdigest()
    lock.write_text(lock.read_text() + f"{digest}  {other}\n")
    (tmp_path / jar_name(other)).write_bytes(b"other")
    (tmp_path / FILE).write_bytes(b"torn")
    resolver(CONTENT)
    assert fetch_jars(tmp_path) == [FILE]
    assert missing_jars(tmp_path) == []


def test_a_lock_of_ones_own_names_other_jars(lock, resolver, tmp_path):
    own, folder = tmp_path / "own.lock", tmp_path / "jars" / "own"
    digest = hashlib.sha256(b"another's").hexdigest()
    own.write_text(f"{digest}  org.example:thing_2.13:1.0\n")
    folder.mkdir(parents=True)
    (folder / "org.example_old-1.jar").touch()
    assert locked_jars(own) == {COORDINATES: digest}
    assert jar_files(folder, own) == [folder / FILE]
    assert missing_jars(folder, own) == [FILE]
    assert [file.name for file in stale_files(folder, own)] == ["org.example_old-1.jar"]
    resolver(CONTENT)  # what jars.lock has under this name
    with pytest.raises(DbtRuntimeError, match=f"but {own} says {digest}"):
        fetch_jars(folder, lock=own)
    resolver(b"another's")
    assert fetch_jars(folder, lock=own) == [FILE]
    assert names(folder) == [FILE]
    assert missing_jars(folder, own) == []
    assert missing_jars(folder) == [FILE]


def test_only_locked_jars_are_on_the_class_path(lock, tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "stray.jar").touch()
    (tmp_path / "jars").symlink_to("real")
    class_path = session_config(tmp_path, "/p")["spark.driver.extraClassPath"]
    assert class_path == f"{tmp_path}/real/{FILE}"
    assert [str(file) for file in jar_files(tmp_path / "jars")] == [class_path]


def test_spark_has_no_class_of_a_stray_jar(spark, state_dir):
    jvm_path = spark._jvm.java.lang.System.getProperty("java.class.path").split(":")
    ours = [entry for entry in jvm_path if entry.startswith(str(ROOT / "var"))]
    assert ours == [str(file) for file in jar_files(state_dir / "jars")]


def test_a_session_wants_whole_jars(lock, tmp_path, monkeypatch):
    monkeypatch.setattr(SparkContext, "_active_spark_context", None)
    (tmp_path / "jars").mkdir()
    (tmp_path / "jars" / FILE).write_bytes(b"torn")
    credentials = SparkSessionCredentials(schema="s", state_dir=str(tmp_path))
    with pytest.raises(FailedToConnectError, match=f"damaged in .*{FILE}; run `dbt-sp"):
        get_session(credentials)
