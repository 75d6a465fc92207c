"""`cinespark history` and `cinespark rollback`: what was published, and going back."""

import csv
import io
import json
import sqlite3
import subprocess
import sys
import threading
import time
from dataclasses import replace

import pytest
from click.testing import CliRunner
from made_versions import ABOUT, content

from cinespark.cli.main import cli
from cinespark.errors import CineSparkError
from cinespark.lock import locked
from cinespark.publish.publish import publish
from cinespark.publish.rollback import rollback
from cinespark.versions.history import history
from cinespark.versions.versions import current_version, versions


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / "dbt_project.yml").touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def exports(project):
    return project / "var" / "exports"


@pytest.fixture
def put(exports):
    """Return a function that publishes a content and gives the current version."""

    def run(factor, about=ABOUT, number=None):
        made = replace(about, model_version=f"arrays-{number}")
        publish(content(factor), exports, made, lambda folder: number)
        return current_version(exports)

    return run


@pytest.fixture
def ask(project):
    """Return a function that runs a command and gives what it prints."""

    def run(*words, columns="160"):
        result = CliRunner(env={"COLUMNS": columns}).invoke(cli, words)
        if result.exception is not None:
            raise result.exception
        return result.output

    return run


def test_history_says_what_each_version_is(exports, put):
    first = put(1.0)
    second = put(2.0, replace(ABOUT, dataset=replace(ABOUT.dataset, name="=big")))
    rollback(exports, first)
    newer, older = history(exports)
    assert (newer.version, newer.is_current) == (second, False)
    assert (older.version, older.is_current) == (first, True)
    assert (older.dataset, newer.dataset) == ("tiny", "=big")
    assert (older.users, older.rows) == (2, 4)
    assert older.metrics == {"catalogue_coverage": 0.5, "rmse_all": 0.9}
    assert (older.passed_checks, older.warnings) == (1, ["mean_shift"])
    assert older.reason == "first version"
    assert older.published_at.startswith("20")
    assert older.damaged_files == newer.damaged_files == []


@pytest.mark.parametrize(
    "text", [None, "", "{", "[]", "{}", '{"version": 3}', "\xff\xfe", '{"files": [1]}']
)
def test_a_version_whose_manifest_is_no_manifest_is_shown_as_damaged(
    exports, put, ask, text
):
    damaged, whole = put(1.0), put(2.0)
    file = exports / damaged / "manifest.json"
    file.unlink() if text is None else file.write_bytes(text.encode("latin-1"))
    assert [entry.damaged_files for entry in history(exports)] == [
        [],
        ["manifest.json"],
    ]
    printed = ask("history")
    assert "DAMAGED: manifest.json" in printed
    assert whole in printed
    assert ask("history", "--format", "csv").count("\n") == 3


def test_a_version_that_lost_a_file_is_shown_as_damaged(exports, put, ask):
    (exports / put(1.0) / "ranker.npz").unlink()
    assert "DAMAGED: ranker.npz" in ask("history")


def test_a_current_version_that_is_gone_is_shown_as_damaged(exports, put):
    put(1.0)
    (exports / "current").write_text("20200101T000000Z-01234567\n")
    entries = history(exports)
    assert [(entry.is_current, entry.damaged_files) for entry in entries] == [
        (False, []),
        (True, ["manifest.json"]),
    ]


def test_a_version_of_an_older_release_is_shown_with_what_it_says(exports, put, ask):
    version = put(1.0)
    file = exports / version / "manifest.json"
    manifest = json.loads(file.read_text())
    keys = ("version", "content_sha256", "files")
    file.write_text(json.dumps({key: manifest[key] for key in keys}))
    (entry,) = history(exports)
    assert (entry.rows, entry.dataset, entry.reason) == (4, None, None)
    assert version in ask("history")


@pytest.mark.parametrize("columns", ["80", "200"])
def test_the_table_marks_the_current_version_and_shows_names_whole(put, ask, columns):
    first, second = put(1.0), put(2.0, replace(ABOUT, git_commit="2" * 40))
    lines = ask("history", columns=columns).splitlines()
    (marked,) = [line for line in lines if "→" in line and second in line]
    assert marked.split()[:2] == ["→", second]
    assert any(line.split()[0] == first for line in lines if line.split())
    assert "RMSE 0.900" in marked


def test_history_is_csv_and_json_for_programs(put, ask):
    first, second = put(1.0), put(2.0)
    rows = list(csv.DictReader(io.StringIO(ask("history", "--format", "csv"))))
    assert [row["version"] for row in rows] == [second, first]
    assert [row["is_current"] for row in rows] == ["True", "False"]
    assert (rows[1]["rmse_all"], rows[1]["warnings"]) == ("0.9", "mean_shift")
    entries = json.loads(ask("history", "--format", "json"))
    assert [entry["version"] for entry in entries] == [second, first]
    assert entries[1]["metrics"]["rmse_all"] == 0.9


@pytest.mark.parametrize("command", ["history", "rollback"])
def test_where_nothing_is_published_the_way_out_is_told(ask, exports, command):
    with pytest.raises(CineSparkError, match=r"nothing is published .* `dbt build`"):
        ask(command)
    assert not exports.exists()


def test_rolling_back_goes_to_what_was_current_before_it(exports, put):
    first, second, third = put(1.0), put(2.0), put(3.0)
    assert rollback(exports) == (third, second)
    assert rollback(exports) == (second, first)
    fourth = put(4.0)
    assert rollback(exports) == (fourth, first)  # not third: first was current
    with pytest.raises(CineSparkError, match=rf"before {first} .* {third}, {second}, "):
        rollback(exports)


def test_rolling_back_passes_over_a_version_before_that_lost_files(exports, put):
    first, second, third = put(1.0), put(2.0), put(3.0)
    (exports / second / "movies.parquet").unlink()
    assert rollback(exports) == (third, first)


def test_rolling_back_from_a_damaged_version_goes_to_the_newest_older(exports, put):
    _, second, third = put(1.0), put(2.0), put(3.0)
    (exports / third / "manifest.json").unlink()
    assert rollback(exports) == (third, second)


def test_rolling_back_refuses_a_damaged_version_and_names_the_file(exports, put):
    first, second = put(1.0), put(2.0)
    file = exports / first / "recommendations.csv"
    file.write_bytes(file.read_bytes().replace(b"Heat", b"Feat"))  # of the same size
    with pytest.raises(CineSparkError, match=r"damaged.*recommendations\.csv") as error:
        rollback(exports)
    assert f"{second} stays current: choose another one" in str(error.value)
    assert current_version(exports) == second


def test_rolling_back_names_the_versions_that_are_there(exports, put):
    first, second = put(1.0), put(2.0)
    for name in ("nine", "../../etc", first + "0"):
        with pytest.raises(CineSparkError, match=f"{name} in .* {second}, {first}$"):
            rollback(exports, name)


def test_rolling_back_works_where_the_line_current_is_lost(exports, put):
    version = put(1.0)
    (exports / "current").unlink()
    assert rollback(exports) == (None, version)
    assert current_version(exports) == version


def test_a_rollback_says_what_was_and_is_and_what_comes(put, ask):
    first, second = put(1.0), put(2.0)
    assert ask("rollback").splitlines() == [
        "no model was registered, so the alias champion stays",
        f"{first} is current now, it was {second}",
        f"{second} is marked as bad: the next `dbt build` publishes what its data and "
        "parameters give, unless that is the same content",
    ]
    assert f"{first} is current already" in ask("rollback", first)
    assert "BAD: rolled back at 20" in ask("history")
    ask("rollback", second)
    assert "BAD" not in ask("history")


@pytest.fixture
def registry(project):
    """Return a function that gives where the alias points; MLflow's tables are here."""
    (project / "var").mkdir(exist_ok=True)
    database = sqlite3.connect(project / "var" / "mlflow.db")
    database.executescript(
        """
        create table model_versions (
            workspace text, name text, version integer, current_stage text
        );
        create table model_version_tags (
            workspace text, name text, version integer, key text, value text
        );
        create table registered_model_aliases (
            workspace text, name text, alias text, version integer,
            primary key (workspace, name, alias)
        );
        insert into model_versions values
            ('default', 'cinespark', 1, 'None'), ('default', 'cinespark', 2, 'None');
        insert into model_version_tags values
            ('default', 'cinespark', 1, 'model_version', 'arrays-1'),
            ('default', 'cinespark', 2, 'model_version', 'arrays-2');
        """
    )
    yield lambda: database.execute(
        "select alias, version from registered_model_aliases"
    ).fetchall()
    database.close()


def test_the_alias_in_the_registry_follows(put, ask, registry):
    first, second = put(1.0, number="1"), put(2.0, number="2")
    assert "the alias champion names model version 1" in ask("rollback")
    assert registry() == [("champion", 1)]
    ask("rollback", second)
    assert registry() == [("champion", 2)]
    ask("rollback", second)  # after a crash in between, once more
    assert registry() == [("champion", 2)]
    assert first != second


def test_a_registry_that_is_lost_keeps_nobody_from_rolling_back(exports, put, ask):
    first = put(1.0, number="1")
    put(2.0, number="2")
    with pytest.raises(CineSparkError, match=f"{first} is current now, but .*champion"):
        ask("rollback")
    assert current_version(exports) == first


def test_a_rollback_waits_for_a_build_that_publishes(exports, put, ask):
    put(1.0), put(2.0)
    held = threading.Event()

    def build():
        with locked(exports, on_wait=lambda: None):
            held.set()
            time.sleep(0.3)

    builder = threading.Thread(target=build)
    builder.start()
    held.wait()
    assert "waiting for a build to publish" in ask("rollback")
    builder.join()
    assert current_version(exports) == versions(exports)[0]


@pytest.mark.parametrize(
    "command", [["history"], ["rollback"], ["show", "--user", "1"]]
)
def test_these_commands_import_nothing_slow(project, exports, command):
    lists = content().recommendations
    for name, value in {
        "release_year": 1995,
        "predicted_rating": 4.5,
        "genres": "Action|Crime",
        "source": "personal",
        "model_version": "78e40de684e9",
    }.items():
        lists = lists.append_column(name, [[value] * len(lists)])
    for factor in (1.0, 2.0):
        whole = replace(content(factor), recommendations=lists)
        publish(whole, exports, ABOUT)
    words = [sys.executable, "-X", "importtime", "-m", "cinespark.cli.main", *command]
    done = subprocess.run(words, cwd=project, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-500:]  # it came to its end
    imported = {line.split("|")[-1].strip() for line in done.stderr.splitlines()}
    assert "click" in imported
    assert not imported & {"mlflow", "pandas", "pyspark"}
