"""`cinespark show`: for anyone, whatever they type and however movies are called."""

import csv
import io
import json
import os
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from click.testing import CliRunner
from made_versions import ABOUT, content
from printed import heading

from cinespark.cli.main import cli
from cinespark.errors import CineSparkError
from cinespark.publish.publish import publish
from cinespark.versions.lists import first_user
from cinespark.vocabulary import IMPLICIT, USUAL, Vocabulary

ROOT = Path(__file__).parents[3]


DISHES = Vocabulary("dish", "point")
PRODUCTS = Vocabulary("product", feedback=IMPLICIT)


def recommendation(user_id, title="Heat", **changes):
    return {
        "user_id": user_id,
        "rank": 1,
        "movie_id": 6,
        "score": 1.5,
        "title": title,
        "release_year": 1995,
        "predicted_rating": 4.5,
        "genres": "Action|Crime",
        "source": "personal",
        "model_version": "78e40de684e9",
        "generated_at": datetime(2026, 1, 1, tzinfo=UTC),
        **changes,
    }


@pytest.fixture
def show(tmp_path, monkeypatch):
    """Return a function that publishes rows and shows them."""

    def run(rows, *arguments, words=USUAL, parameters=ABOUT.parameters):
        (tmp_path / "dbt_project.yml").touch()
        monkeypatch.chdir(tmp_path)
        ids = pa.array([row["user_id"] for row in rows], pa.int32())
        table = pa.Table.from_pylist(rows).set_column(0, "user_id", ids)
        everything = replace(content(), recommendations=table)
        about = replace(ABOUT, vocabulary=words, parameters=parameters)
        publish(everything, tmp_path / "var" / "exports", about)
        return CliRunner(env={"COLUMNS": "100"}).invoke(cli, ["show", *arguments])

    return run


def test_the_first_user_is_shown_where_none_is_asked_for(show):
    rows = [recommendation(42, "Fargo"), recommendation(7)]
    assert "for user 7" in show(rows).output
    assert "for user 42" in show(rows, "--user", "42").output


def test_a_row_says_what_it_rests_on_in_plain_words(show):
    sources = ("personal", "segment", "popularity", "pin", "exploration")
    rows = [
        recommendation(
            7, rank=rank, source=source, rule_lines=[4] if source == "pin" else []
        )
        for rank, source in enumerate(sources, 1)
    ]
    lines = [line for line in show(rows).output.split("\n") if "Crime" in line]
    assert [line.split("Crime")[-1].strip() for line in lines] == [
        "your ratings",
        "popularity with people like you",
        "popularity",
        "line 4 of the rules",
        "being new, with hardly any ratings",
    ]


def test_a_list_that_rules_make_short_says_so(show):
    rows = [recommendation(7)]
    said = "1 of 2: the rules of shop.csv leave no more"
    ruled = {"recommender.top_n": "2", "recommender.rules": "shop.csv"}
    assert said in show(rows, parameters=ruled).output
    assert "the rules" not in show(rows, "--n", "1", parameters=ruled).output
    unruled = ruled | {"recommender.rules": "none"}
    others = [recommendation(7, "Fargo")]  # the same lists are no new version
    assert "the rules" not in show(others, parameters=unruled).output


def test_a_list_is_in_the_words_of_its_version(show):
    rows = [recommendation(7)]
    usual = ["#", "title", "year", "stars", "genres", "because", "of"]
    assert heading(show(rows).output) == usual
    assert "points" in heading(show(rows, words=DISHES).output)


def test_a_list_without_stars_says_so_and_has_none(show):
    rows = [recommendation(7, predicted_rating=None), recommendation(8)]
    printed = show(rows, words=PRODUCTS).output
    assert heading(printed) == ["#", "title", "year", "genres", "because", "of"]
    assert "no stars: learnt from events" in printed
    assert "your events" in printed
    assert "no stars: no predictor" in show(rows).output
    (row,) = json.loads(show(rows, "--format", "json", words=PRODUCTS).output)
    assert row["predicted_rating"] is None
    text = show(rows, "--format", "csv", words=PRODUCTS).output
    assert next(csv.DictReader(io.StringIO(text)))["predicted_rating"] == ""


@pytest.mark.parametrize("genres", ["", None])
def test_a_list_without_years_and_genres_has_no_empty_columns(show, genres):
    typed = [recommendation(8)]  # so that the columns have their types
    bare = recommendation(7, release_year=None, genres=genres)
    assert heading(show([bare, *typed]).output) == [
        *("#", "title", "stars", "because", "of")
    ]


def test_one_year_is_enough_for_a_column(show):
    rows = [
        recommendation(7, "Heat", release_year=None),
        recommendation(7, "Fargo", rank=2),
    ]
    assert heading(show(rows).output)[:3] == ["#", "title", "year"]


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
    assert str(error).startswith(
        f"there is no user {user_id}: ids are whole numbers up"
    )


@pytest.mark.parametrize(
    ("given", "command"), [([], "show"), (["USER_ID=42"], 'show --user "$USER_ID"')]
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


def test_recommendations_are_there_for_programs(show):
    rows = [recommendation(7, 'A "quoted", title')]
    (line,) = csv.DictReader(io.StringIO(show(rows, "--format", "csv").output))
    assert line["title"] == 'A "quoted", title'
    assert line["user_id"] == "7"
    (row,) = json.loads(show(rows, "--format", "json").output)
    assert row["generated_at"] == "2026-01-01T00:00:00"
