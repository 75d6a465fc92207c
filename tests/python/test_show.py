"""`cinespark show`: for anyone, whatever they type and however movies are called."""

import json
import os
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from click.testing import CliRunner
from versions import ABOUT, content

from cinespark.cli import cli
from cinespark.errors import CineSparkError
from cinespark.exports import publish
from cinespark.published import first_user

ROOT = Path(__file__).parents[2]


def recommendation(user_id, title="Heat"):
    return {
        "user_id": user_id,
        "rank": 1,
        "title": title,
        "release_year": 1995,
        "predicted_rating": 4.5,
        "genres": "Action|Crime",
        "source": "personal",
        "model_version": "78e40de684e9",
        "generated_at": datetime(2026, 1, 1, tzinfo=UTC),
    }


@pytest.fixture
def show(tmp_path, monkeypatch):
    """Return a function that publishes rows and shows them."""

    def run(rows, *arguments):
        (tmp_path / "dbt_project.yml").touch()
        monkeypatch.chdir(tmp_path)
        ids = pa.array([row["user_id"] for row in rows], pa.int32())
        table = pa.Table.from_pylist(rows).set_column(0, "user_id", ids)
        everything = replace(content(), recommendations=table)
        publish(everything, tmp_path / "var" / "exports", ABOUT)
        return CliRunner(env={"COLUMNS": "100"}).invoke(cli, ["show", *arguments])

    return run


def test_the_first_user_is_shown_where_none_is_asked_for(show):
    rows = [recommendation(42, "Fargo"), recommendation(7)]
    assert "for user 7" in show(rows).output
    assert "for user 42" in show(rows, "--user", "42").output


def test_nobody_is_first_where_nothing_is_published(tmp_path):
    with pytest.raises(CineSparkError, match="dbt build"):
        first_user(tmp_path)


@pytest.mark.parametrize("title", ["[red]", "[/b] Heat", ":star: [link=x]Heat"])
def test_a_title_is_shown_as_it_is(show, title):
    assert f" {title} " in show([recommendation(7, title)]).output


@pytest.mark.parametrize("n", ["0", "-1"])
def test_less_than_one_recommendation_is_refused(show, n):
    result = show([recommendation(7)], "--n", n)
    assert result.exit_code == 2
    assert f"{n} is not in the range x>=1" in result.output


@pytest.mark.parametrize("user_id", [2**31, -(2**70), 2**63, 2**70])
def test_an_id_of_more_than_32_bits_is_nobodys(show, user_id):
    error = show([recommendation(7)], "--user", str(user_id)).exception
    assert isinstance(error, CineSparkError)
    assert str(error).startswith(f"there is no user {user_id}: ids go up to 2147483647")


@pytest.mark.parametrize(
    ("given", "command"), [([], "show"), (["USER_ID=42"], "show --user 42")]
)
def test_make_run_asks_for_a_user_only_if_one_is_given(given, command):
    outer = ("USER_ID", "MAKEFLAGS", "MAKELEVEL")  # of `make test`
    environment = {key: os.environ[key] for key in os.environ if key not in outer}
    planned = subprocess.run(
        ["make", "-n", "run", *given],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert planned.splitlines()[-1].strip() == f".venv/bin/cinespark {command}"


def test_quality_shows_each_check_and_what_to_do_about_those_that_failed(
    tmp_path, monkeypatch
):
    (tmp_path / "dbt_project.yml").touch()
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "var" / "quality" / "cinespark"
    folder.mkdir(parents=True)
    check = {
        "suite": "ratings",
        "column": "rating_count",
        "severity": "critical",
        "observed": 100000.0,
        "expected": "at least 1",
        "success": True,
        "meaning": "ratings accepted",
        "remedy": "mend the file",
        "checked_at": "2026-01-01T02:03:04.000",
    }
    shift = {"column": "mean_shift", "observed": None, "severity": "warning"}
    users = {"column": "kept_user_share", "observed": 0.9, "success": False}
    rows = [check, check | shift, check | users]
    (folder / "ratings.json").write_text(json.dumps(rows))
    result = CliRunner(env={"COLUMNS": "100"}).invoke(cli, ["show", "--quality"])
    printed = " ".join(result.output.split())
    assert "2 of 3 checks of the ratings passed" in printed
    assert "rating_count 100000 at least 1 critical passed" in printed
    assert "mean_shift ∅ at least 1 warning passed" in printed
    assert "kept_user_share 0.9 at least 1 critical FAILED" in printed
    assert "build of 2026-01-01 02:03 UTC" in printed
    assert "kept_user_share: ratings accepted; mend the file" in printed
