"""The vars that a data set is built with: found out, noted, and given back as JSON."""

import json
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from cinespark.cli.main import cli
from cinespark.data import landing
from cinespark.data.vars import parsed
from cinespark.errors import CineSparkError

ROOT = Path(__file__).parents[3]
EVENTS = "userId,movieId,event,timestamp\nann,tt1,click,5\nbob,tt1,buy,6\n"
VARS = {"id_type": "string", "feedback": "implicit"}


@pytest.fixture
def shop(tmp_path, monkeypatch):
    (tmp_path / "dbt_project.yml").touch()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "ratings.csv").write_text(EVENTS)
    (tmp_path / "shop" / "movies.csv").write_text("movieId,title,genres\ntt1,A,B\n")
    return tmp_path


def run(*words):
    return CliRunner().invoke(cli, words)


def test_a_set_is_noted_with_its_vars_and_its_sum_is_that_of_its_files(shop):
    result = run("data", "shop")
    assert result.output == (
        "build with --vars '{id_type: string, feedback: implicit}'\n"
        "own-shop: 2 events of 1 item in var/data/own-shop (current)\n"
    )
    manifest = landing.read_manifest(shop / "var" / "data" / "current")
    assert manifest.vars == VARS
    assert manifest.sha256 == landing.Manifest(manifest.about, manifest.files).sha256


def test_explain_says_what_ids_and_feedback_are(shop):
    assert run("data", "shop", "--explain").output.endswith(
        "    ann,tt1,click,5\n    bob,tt1,buy,6\n\n"
        "movies.csv: from shop/movies.csv, as it is\n"
        "  columns: item = movieId, title = title, genres = genres\n"
        "    movieId,title,genres\n    tt1,A,B\n\n"
        "ids: string, feedback: implicit\n"
        "build with --vars '{id_type: string, feedback: implicit}'\n"
    )


def test_a_set_that_landed_with_the_genome_is_built_with_it(shop):
    (shop / "shop" / "genome-tags.csv").write_text("tagId,tag\n1,007\n")
    lacking = str(run("data", "shop", "--genome").exception)
    assert lacking.startswith(
        "shop holds genome-tags.csv but no genome-scores.csv, and"
    )
    scores = "movieId,tagId,relevance\ntt1,1,0.5\n"
    (shop / "shop" / "genome-scores.csv").write_text(scores)
    assert "vars '{id_type: string, feedback: implicit, genome: true}'" in (
        run("data", "shop", "--genome").output
    )
    assert json.loads(run("vars").output) == VARS | {"genome": True}
    run("data", "shop")
    assert json.loads(run("vars").output) == VARS


def test_options_say_what_would_be_found_out(shop):
    (shop / "shop" / "ratings.csv").write_text("user,item,rating,time\n1,1,0.5,5\n")
    (shop / "shop" / "movies.csv").write_text("movieId,title\n1,A\n")
    run("data", "shop", "--ids", "bigint", "--feedback", "implicit")
    assert json.loads(run("vars").output) == {"id_type": "bigint"} | {
        "feedback": "implicit"
    }


def test_what_is_given_goes_before_what_the_set_says(shop):
    run("data", "shop")
    given = "{feedback: explicit, accept_drift: true}"
    found = json.loads(run("vars", given).output)
    assert found == VARS | {"feedback": "explicit", "accept_drift": True}


def test_manifests_of_earlier_releases_have_no_vars(shop):
    run("data", "shop")
    folder = shop / "var" / "data" / "current"
    manifest = json.loads((folder / "manifest.json").read_text())
    del manifest["vars"]
    (folder / "manifest.json").write_text(json.dumps(manifest))
    assert run("vars").output == "{}\n"


def test_without_a_data_set_vars_names_the_way_out(shop):
    assert "bring one with `cinespark data NAME`" in str(run("vars").exception)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {}),
        ("accept_drift: true", {"accept_drift": True}),
        ("{accept_drift: true}", {"accept_drift": True}),
        ("a: 1, b: 'x y'", {"a": 1, "b": "x y"}),
        ('{"a": null}', {"a": None}),
    ],
)
def test_vars_are_yaml_with_braces_or_without(text, expected):
    assert parsed(text) == expected


@pytest.mark.parametrize("text", ["accept_drift", "a:1", "[a]", "{a: 1"])
def test_what_names_no_vars_is_an_error(text):
    with pytest.raises(CineSparkError, match="are no names with values"):
        parsed(text)


def test_make_run_builds_with_them_whatever_quotes_they_hold(tmp_path):
    bin_dir = tmp_path / "bin"
    bin_dir.mkdir()
    for name in ("cinespark", "dbt", "python"):  # python would mend the environment
        (bin_dir / name).write_text(f'#!/bin/sh\nprintf "%s|" {name} "$@"\n')
        (bin_dir / name).chmod(0o755)
    words = ["run", f"BIN={bin_dir}", 'VARS=a: "it\'s"']
    made = subprocess.run(
        ["make", "--silent", *words, "--old-file=jars", "--old-file=data"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert made.stdout.startswith(
        'dbt|build|--exclude-resource-type|unit_test|--vars|cinespark|vars|a: "it\'s"||'
    )


def test_a_set_with_a_log_of_lists_is_built_with_what_became_of_them(shop):
    run("data", "shop")
    folder = shop / "var" / "shown" / "own-shop"
    folder.mkdir(parents=True)
    (folder / "a.open").touch()  # is being written to
    assert json.loads(run("vars").output) == VARS
    (folder / "a.jsonl").touch()
    assert json.loads(run("vars").output) == VARS | {"outcomes": True}
    given = run("vars", "outcomes: false").output
    assert json.loads(given) == VARS | {"outcomes": False}


def test_where_a_stream_has_run_what_it_brought_is_built_by_the_hour(shop):
    run("data", "shop")
    assert json.loads(run("vars").output) == VARS
    (shop / "var" / "checkpoints" / "rating_events-ratings.own-shop").mkdir(
        parents=True
    )
    assert json.loads(run("vars").output) == VARS | {"stream_drift": True}
