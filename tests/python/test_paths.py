"""One answer to where things are, for the command line, dbt and MLflow."""

import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from made_state import made_state

from cinespark.cli.main import cli
from cinespark.errors import CineSparkError
from cinespark.paths import data_of, exports_dir, exports_of, state_dir
from cinespark.track.place import LOCATIONS, follow

ROOT = Path(__file__).parents[2]
PROFILES = """
one:
  target: "{{ env_var('ONE_TARGET', 'prod') }}"
  outputs:
    prod: {type: sparksession, schema: s}
    other: {type: sparksession, schema: s, state_dir: "{{ env_var('ONE_STATE') }}/b"}
    far: {type: sparksession, schema: s, state_dir: /far}
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / "dbt_project.yml").write_text("name: one\nprofile: one\n")
    (tmp_path / "profiles.yml").write_text(PROFILES)
    for name in ("DBT_PROFILES_DIR", "DBT_TARGET", "ONE_TARGET"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ONE_STATE", "a")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("target", "expected"), [(None, "var"), ("other", "a/b"), ("far", "/far")]
)
def test_the_state_folder_is_that_of_the_profiles_target(
    project, monkeypatch, target, expected
):
    for name in ("DBT_TARGET", "ONE_TARGET"):
        if target:
            monkeypatch.setenv(name, target)
        assert state_dir() == project / expected
        assert exports_of(state_dir()) == project / expected / "exports"
        assert data_of(state_dir()) == project / expected / "data" / "current"
        assert state_dir(Path("given")) == project / "given"
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("text", ["", "[]", "one: 3", "one: {outputs: [prod]}"])
def test_without_a_profile_the_state_folder_is_var(project, text):
    (project / "profiles.yml").write_text(text)
    assert state_dir() == project / "var"


def test_an_unknown_target_is_no_other_one(project, monkeypatch):
    monkeypatch.setenv("DBT_TARGET", "prdo")
    with pytest.raises(CineSparkError, match=r"no target prdo: .* prod, other"):
        state_dir()


def test_a_profile_that_cannot_be_read_is_named(project, monkeypatch):
    monkeypatch.setenv("DBT_TARGET", "other")
    monkeypatch.delenv("ONE_STATE")
    with pytest.raises(CineSparkError, match=r"profiles\.yml: set .* ONE_STATE"):
        state_dir()
    (project / "profiles.yml").write_text("one: {")
    with pytest.raises(CineSparkError, match=r"profiles\.yml cannot be read as YAML"):
        state_dir()


@pytest.mark.parametrize("vars", ["{exports_dir: out}", "{one: {exports_dir: out}}"])
def test_a_var_moves_exports_for_the_commands_too(project, vars):
    (project / "dbt_project.yml").write_text(f"name: one\nprofile: one\nvars: {vars}\n")
    assert exports_of(project / "var") == project / "out"
    assert exports_of(project / "elsewhere") == project / "out"
    assert exports_dir(project, project / "var", "/far") == Path("/far")


def test_what_one_state_folder_publishes_no_other_shows(project, monkeypatch):
    made_state(project / "var", "production")
    made_state(project / "a" / "b", "rehearsal")
    for target, text in (("prod", "production"), ("other", "rehearsal")):
        monkeypatch.setenv("DBT_TARGET", target)
        for words in (["show"], ["show", "--quality"], ["history"]):
            result = CliRunner(env={"COLUMNS": "200"}).invoke(cli, words)
            assert text in result.output


def test_versions_are_shown_and_predicted_with_where_the_project_was_moved(
    project, monkeypatch
):
    made_state(project / "var")
    moved = project.with_name(f"{project.name}-moved")
    project.rename(moved)
    monkeypatch.chdir(moved)
    (moved / "pairs.csv").write_text("user_id,movie_id\n1,6\n")
    for words in (
        ["show"],
        ["show", "--movie", "heat"],
        ["show", "--quality"],
        ["history"],
        ["predict", "pairs.csv", "out.csv"],
        ["rollback"],
    ):
        assert CliRunner().invoke(cli, words).exception is None
    assert not project.exists()


def test_mlflow_follows_its_folder(tmp_path):
    old, new = (f"file://{tmp_path}/{name}/mlartifacts" for name in ("old", "new"))
    places = [old, f"{old}/1/artifacts", f"{old}-other/1", "models:/m-1", None]
    database = tmp_path / "new" / "mlflow.db"
    database.parent.mkdir()
    with closing(sqlite3.connect(database)) as rows:
        for table, columns in LOCATIONS.items():
            rows.execute(f"create table {table} (name, {', '.join(columns)})")
            marks = ", ".join("?" for _ in columns)
            rows.executemany(
                f"insert into {table} values ('one', {marks})",
                [(place,) * len(columns) for place in places],
            )
        rows.commit()
        for _ in range(2):
            follow(database, tmp_path / "new" / "mlartifacts", "one")
            for table, columns in LOCATIONS.items():
                for column in columns:
                    found = rows.execute(f"select {column} from {table}").fetchall()
                    expected = [new, f"{new}/1/artifacts", *places[2:]]
                    assert [row[0] for row in found] == expected


@pytest.mark.parametrize("given", ["var", "elsewhere"])
def test_make_opens_mlflow_in_the_state_folder_of_the_profile(tmp_path, given):
    (tmp_path / "profiles.yml").write_text(
        f"cinespark: {{target: a, outputs: {{a: {{state_dir: {given}}}}}}}\n"
    )
    outer = ("MAKEFLAGS", "MAKELEVEL", "DBT_TARGET")  # of `make test`
    environment = {key: os.environ[key] for key in os.environ if key not in outer}
    planned = subprocess.run(
        ["make", "-n", "mlflow"],
        cwd=ROOT,
        env=environment | {"DBT_PROFILES_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert f"sqlite:///{ROOT}/{given}/mlflow.db" in planned
