"""The class archive: made once, and again where it failed, is torn or does not fit."""

import shutil
import subprocess
from pathlib import Path

import pytest
from dbt_common.exceptions import DbtRuntimeError

from dbt.adapters.sparksession import class_archive, cli
from dbt.adapters.sparksession.class_archive import archive_classes
from dbt.adapters.sparksession.jvm import find_archive
from dbt.adapters.sparksession.machine import find_java
from dbt.adapters.sparksession.warm_up import LINES, STATEMENTS

JARS = Path(__file__).parents[2] / "var" / "jars"


@pytest.fixture
def warm_up(monkeypatch):
    """Return a function that says what the next JVMs write, and counts them."""

    def answer(content, returncode=0, stderr=""):
        calls = []

        def run(command, **_):
            calls.append(command)
            if content is not None:
                Path(command[-1]).write_bytes(content)
            return subprocess.CompletedProcess(command, returncode, "", stderr)

        monkeypatch.setattr(class_archive.subprocess, "run", run)
        return calls

    find_java()  # asked before the stand-in is there
    return answer


def kept(state_dir):
    return sorted(file.name for file in (state_dir / "jars").glob("*.jsa"))


def test_a_whole_archive_is_made_once(warm_up, tmp_path):
    calls = warm_up(b"classes")
    archive = archive_classes(tmp_path)
    assert archive_classes(tmp_path) == archive == find_archive(tmp_path)
    assert len(calls) == 1
    assert list((tmp_path / "scratch").iterdir()) == []


@pytest.mark.parametrize(
    ("content", "returncode", "stderr", "said"),
    [
        (None, 1, "a trace\nNo space left on device", "No space left on device"),
        (b"half of the cl", 1, "killed", "killed"),
        (b"", 0, "", "Java wrote none"),
        (None, 0, "", "Java wrote none"),
    ],
)
def test_a_failed_one_is_said_and_made_again(
    warm_up, tmp_path, content, returncode, stderr, said
):
    warm_up(content, returncode, stderr)
    with pytest.raises(DbtRuntimeError, match=said):
        archive_classes(tmp_path)
    assert find_archive(tmp_path) is None
    assert kept(tmp_path) == []
    warm_up(b"classes")
    assert archive_classes(tmp_path) == find_archive(tmp_path)


@pytest.mark.parametrize("damage", [b"", b"clas"])
def test_a_torn_one_is_made_again(warm_up, tmp_path, damage):
    calls = warm_up(b"classes")
    archive = archive_classes(tmp_path)
    archive.write_bytes(damage)
    assert archive_classes(tmp_path).read_bytes() == b"classes"
    assert len(calls) == 2


def test_one_of_another_java_goes_unless_the_jars_are_shared(warm_up, tmp_path):
    warm_up(b"classes")
    old = "classes-of_java_16-7.jsa"
    for state, expected in (("own", 1), ("shared", 2)):
        folder = tmp_path / state
        (tmp_path / f"{state}-jars").mkdir()
        folder.mkdir()
        if state == "shared":
            (folder / "jars").symlink_to(f"../{state}-jars")
        else:
            (folder / "jars").mkdir()
        (folder / "jars" / old).touch()
        archive_classes(folder)
        assert len(kept(folder)) == expected


def test_the_jars_command_goes_on_without_one(warm_up, tmp_path, monkeypatch):
    shutil.copytree(JARS, tmp_path / "jars", ignore=shutil.ignore_patterns("*.jsa"))
    warm_up(None, 1, "no room")
    said = []
    cli.bring_jars(tmp_path, said.append)
    assert said[-1] == (
        "jars: there is no class archive: no room; "
        "Spark starts without one too, but slower"
    )


def test_spark_takes_each_statement_of_the_warm_up(spark, tmp_path):
    (tmp_path / "lines.csv").write_text("".join(LINES))
    for statement in STATEMENTS:
        spark.sql(statement.replace("{scratch}", str(tmp_path))).collect()
    spark.sql("drop table warm_up.ratings")
    spark.sql("drop schema warm_up")


def test_java_maps_the_archive_that_was_made(spark, state_dir):
    """Java ignores one that does not fit in silence, so ask the system."""
    archive = find_archive(state_dir)
    assert archive is not None, "run `dbt-sparksession jars` first"
    process = spark._jvm.java.lang.ProcessHandle.current().pid()
    assert str(archive) in Path(f"/proc/{process}/maps").read_text()
