"""No file of the state folder, however damaged, ends a command in a traceback."""

import os
import shutil
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pytest
from made_state import made_state
from pyiceberg.catalog.sql import SqlCatalog

from cinespark.cli import main as program
from cinespark.data.bring import bring
from cinespark.data.sample_params import SampleParams

FAST = {
    "show": ["show"],
    "of a user": ["show", "--user", "2"],
    "why": ["show", "--user", "2", "--why", "1"],
    "movie": ["show", "--movie", "heat"],
    "leaderboard": ["show", "--leaderboard"],
    "quality": ["show", "--quality"],
    "history": ["history"],
    "rollback": ["rollback"],
    "predict": ["predict", "pairs.csv", "out.csv"],
    "vars": ["vars"],
    "data": ["data", "sample", "--users", "5", "--movies", "9", "--ratings", "30"],
}
SLOW = {"report": ["report"], "doctor": ["doctor"]}
FILES = [
    "exports/current",
    "exports/VERSION/manifest.json",
    "exports/VERSION/recommendations.parquet",
    "exports/VERSION/movies.parquet",
    "exports/VERSION/histories.npz",
    "exports/VERSION/ranker.npz",
    "exports/VERSION/predictor.npz",
    "exports/leaderboard.json",
    "quality/cinespark/ratings.json",
    "quality/cinespark",
    "data/sample/manifest.json",
    "data/sample/ratings.csv",
    "data/current",
    "mlflow.db",
    "exports",
    "data",
]
OF_REPORT = ["exports/current", "exports/VERSION/manifest.json", "catalog.db"]
OF_REPORT += ["exports/VERSION/recommendations.parquet", "report"]
OF_DOCTOR = ["data/sample/manifest.json", "data/current", "catalog.db", "jars"]
CONTENTS = {
    "empty": b"",
    "binary": b"\x00\xff\xfe\x1b]52;c;eA==\x07" * 9,
    "list": b"[]",
    "list of a number": b"[3]",
    "object": b'{"version": 3, "files": {"a": 1}, "dataset": []}',
    "traversal": b"../../..\n",
    "no such version": b"20990101T000000Z-00000000\n",
}
DAMAGES = ["missing", "truncated", "folder", "dangling", *CONTENTS]


def damage(file, how):
    """Damage a file or a folder, which may be a link."""
    whole = file.read_bytes() if file.is_file() else b"x" * 9
    if file.is_dir() and not file.is_symlink():
        shutil.rmtree(file)
    else:
        file.unlink(missing_ok=True)
    if how == "truncated":
        file.write_bytes(whole[: len(whole) // 2])
    elif how == "folder":
        file.mkdir()
    elif how == "dangling":
        file.symlink_to("nowhere")
    elif how != "missing":
        file.write_bytes(CONTENTS[how])


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return a project whose state folder is whole."""
    root = tmp_path_factory.mktemp("made")
    (root / "dbt_project.yml").touch()
    (root / "pairs.csv").write_text("user_id,movie_id\n1,6\n")
    made_state(root / "var")
    bring("sample", root / "var" / "data", str, sample=SampleParams(5, 9, 30))
    catalog = SqlCatalog(
        "lake",
        uri=f"sqlite:///{root}/var/catalog.db",
        warehouse=f"{root}/var/warehouse",
    )
    catalog.create_namespace("cinespark")
    rows = pa.table({"genre": ["Drama"], "rating_count": [1]})
    catalog.create_table("cinespark.eda_popular_genres", rows.schema).append(rows)
    catalog.close()
    return root


@pytest.fixture
def project(made, tmp_path, monkeypatch):
    shutil.copytree(made, tmp_path / "project", symlinks=True)
    with closing(sqlite3.connect(tmp_path / "project" / "var" / "catalog.db")) as rows:
        rows.execute(
            "update iceberg_tables set metadata_location = "
            "replace(metadata_location, ?, ?)",
            (str(made), str(tmp_path / "project")),
        )
        rows.commit()
    monkeypatch.chdir(tmp_path / "project")
    return tmp_path / "project"


@pytest.fixture
def run(monkeypatch, capsys):
    """Return a function that runs a command as a user does: code, output, errors."""

    def run(words):
        monkeypatch.setattr(sys, "argv", ["cinespark", *words])
        try:
            program.main()
        except SystemExit as end:
            return end.code, *capsys.readouterr()
        return 0, *capsys.readouterr()

    return run


def path_of(project, name):
    exports = project / "var" / "exports"
    return (
        project
        / "var"
        / name.replace("VERSION", (exports / "current").read_text().strip())
    )


def assert_said(file, code, errors):
    """Assert that it went well, or that one line names the file and the way out."""
    if code == 0:
        return
    assert code == 1
    (line,) = errors.splitlines()
    assert line.startswith("error: ")
    assert str(file) in line or str(file.parent) in line or file.name in line
    ways_out = ("`", "delete it", "move it away", "see to it", "make it")
    assert any(way in line for way in ways_out), line


@pytest.mark.parametrize("how", DAMAGES)
@pytest.mark.parametrize("name", FILES)
def test_a_damaged_file_is_named_with_the_way_out(project, run, name, how):
    file = path_of(project, name)
    damage(file, how)
    for words in FAST.values():
        code, _, errors = run(words)
        assert_said(file, code, errors)


def test_what_is_whole_is_shown(project, run):
    for words in FAST.values():
        assert run(words)[0] == 0


@pytest.mark.parametrize("how", ["missing", "truncated", "folder", "binary", "object"])
@pytest.mark.parametrize("name", OF_REPORT)
def test_the_report_says_what_is_damaged(project, run, name, how):
    file = path_of(project, name)
    damage(file, how)
    code, _, errors = run(SLOW["report"])
    assert_said(
        file,
        code,
        "\n".join(line for line in errors.splitlines() if line.startswith("error")),
    )


@pytest.mark.parametrize("how", ["missing", "truncated", "binary", "empty"])
@pytest.mark.parametrize(
    "pattern", ["*.metadata.json", "snap-*.avro", "*-m0.avro", "*.parquet"]
)
def test_the_report_names_a_table_that_is_torn(project, run, pattern, how):
    for file in (project / "var" / "warehouse").rglob(pattern):
        damage(file, how)
    code, _, errors = run(SLOW["report"])
    assert code == 1
    (line,) = errors.splitlines()
    assert "eda_popular_genres" in line
    assert "`dbt build`" in line


@pytest.mark.parametrize("how", ["missing", "truncated", "folder", "binary", "object"])
@pytest.mark.parametrize("name", OF_DOCTOR)
def test_the_doctor_says_what_is_damaged(project, run, name, how):
    damage(path_of(project, name), how)
    code, output, errors = run(SLOW["doctor"])
    assert code == 1  # there are no jars
    assert errors == ""
    assert "-> run `cinespark jars`" in output
    assert ("FIX data" in output) == name.startswith("data")
    assert ("FIX tables" in output) == (name == "catalog.db" and how != "missing")


def test_sql_says_that_the_catalog_is_damaged(project, run):
    jars = Path(__file__).parents[3] / "var" / "jars"
    (project / "var" / "jars").symlink_to(jars)
    (project / "dbt_project.yml").write_text("name: one\nprofile: one\n")
    (project / "profiles.yml").write_text(
        "one: {target: a, outputs: {a: {type: sparksession, schema: cinespark}}}\n"
    )
    damage(project / "var" / "catalog.db", "binary")
    code, _, errors = run(["sql", "select 1"])
    assert_said(project / "var" / "catalog.db", code, errors)
    assert code == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be another user")
def test_who_may_not_read_is_told_so(project, run, monkeypatch):
    folder = Path(tempfile.mkdtemp())
    try:
        folder.chmod(0o755)
        shutil.copytree(project, folder / "project", symlinks=True)
        (folder / "project").chmod(0o755)
        monkeypatch.chdir(folder / "project")
        monkeypatch.setenv("HOME", str(folder))
        for words in FAST.values():
            os.seteuid(65534)
            try:
                code, _, errors = run(words)
            finally:
                os.seteuid(0)
            assert code == 1
            assert "Permission denied" in errors
            assert_said(folder / "project" / "var" / "exports", code, errors)
    finally:
        shutil.rmtree(folder)


def test_what_is_made_is_its_owners_alone(project, run):
    shutil.rmtree(project / "var")
    code, *_ = run(FAST["data"])
    assert code == 0
    made_state(project / "var")
    for folder in ("var", "var/data", "var/exports", "var/quality"):
        assert (project / folder).stat().st_mode & 0o777 == 0o700


def test_a_folder_that_the_user_made_keeps_its_mode(project, run):
    shutil.rmtree(project / "var")
    (project / "var").mkdir()
    (project / "var").chmod(0o755)
    assert run(FAST["data"])[0] == 0
    assert (project / "var").stat().st_mode & 0o777 == 0o755
    assert (project / "var" / "data").stat().st_mode & 0o777 == 0o700
