"""`cinespark show` of a version: what is like a movie, the leaderboard, the checks."""

import csv
import io
import json
import re
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

import pyarrow as pa
import pytest
from click.testing import CliRunner
from made_versions import ABOUT, content, similar_movies
from printed import heading

from cinespark.cli.main import cli
from cinespark.errors import CineSparkError
from cinespark.publish.publish import publish
from cinespark.versions.leaderboard_file import leave_leaderboard
from cinespark.vocabulary import IMPLICIT, Vocabulary

ROOT = Path(__file__).parents[3]


DISHES = Vocabulary("dish", "point")


PRODUCTS = Vocabulary("product", feedback=IMPLICIT)


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


MOVIES = [  # id, title, year, ratings
    (1, "Star Wars", 1977, 100),
    (2, "The Empire Strikes Back", 1980, 80),
    (3, "Amélie", 2001, 50),
    (4, "Like Star Wars, but unknown", 1990, 1),
    (5, "Cinderella", 1950, 30),
    (6, "Cinderella", 2015, 90),
    (7, "Never liked", 1999, 0),
]


SIMILAR = [  # movie, rank, similar movie, similarity
    (1, 2, 6, 0.25),
    (1, 1, 2, 0.75),
    (1, 3, 5, 0.125),
    (1, 4, 4, 0.0625),
    (2, 1, 1, 0.75),
    (3, 1, 6, 0.5),
]


@pytest.fixture
def exports(tmp_path, monkeypatch):
    """Return the exports of a project with these movies and what is like them."""
    (tmp_path / "dbt_project.yml").touch()
    monkeypatch.chdir(tmp_path)
    ids, titles, years, counts = zip(*MOVIES, strict=True)
    movies = pa.table(
        {
            "movie_id": pa.array(ids, pa.int32()),
            "title": titles,
            "release_year": pa.array(years, pa.int32()),
            "rating_count": counts,
            "like_count": counts,
            "rating_mean": [None if not count else 4.0 for count in counts],
            "genres": ["Drama|War"] * len(ids),
        }
    )
    similar = similar_movies(*((*row, titles[row[2] - 1]) for row in SIMILAR))
    folder = tmp_path / "var" / "exports"
    publish(replace(content(), movies=movies, similar_movies=similar), folder, ABOUT)
    return folder


def renamed(exports, words):
    """Make the current version one of these words."""
    file = exports / (exports / "current").read_text().strip() / "manifest.json"
    manifest = json.loads(file.read_text())
    manifest["about"]["vocabulary"] = asdict(words)
    file.write_text(json.dumps(manifest))


def shown(*arguments):
    return CliRunner(env={"COLUMNS": "120"}).invoke(cli, ["show", *arguments])


@pytest.mark.parametrize("title", ["Star Wars", "star wars (1977)", "STAR-WARS"])
def test_what_is_like_a_movie_is_what_its_version_says(exports, title):
    rows = json.loads(shown("--movie", title, "--n", "3", "--format", "json").output)
    found = [(row["rank"], row["movie_id"], row["similarity"]) for row in rows]
    assert found == [(1, 2, 0.75), (2, 6, 0.25), (3, 5, 0.125)]
    assert rows[0]["title"] == "The Empire Strikes Back"
    assert (rows[0]["rating_count"], rows[0]["content_similarity"]) == (80, 0.75)


def test_a_version_of_an_earlier_release_has_no_similar_movies(exports):
    file = exports / (exports / "current").read_text().strip() / "manifest.json"
    manifest = json.loads(file.read_text())
    manifest["files"] = [
        one for one in manifest["files"] if "similar" not in one["path"]
    ]
    file.write_text(json.dumps(manifest))
    error = str(shown("--movie", "Star Wars").exception)
    assert "has no similar_movies.parquet, because an earlier release" in error
    assert "dbt build" in error


@pytest.mark.parametrize(
    ("title", "found"),
    [("empire", "The Empire Strikes Back (1980)"), ("amelie", "Amélie (2001)")],
)
def test_a_part_of_a_title_is_enough_and_accents_do_not_matter(exports, title, found):
    assert f"Most like {found}" in shown("--movie", title).output


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Star Wras", r'no movie is called .*: did you mean "Star Wars \(1977\)"'),
        (
            "Cinderella",
            r'2 movies .*: name one of "Cinderella \(2015\)", "Cinderella \(1950\)"',
        ),
        ("Never liked", r"nothing is known of what is like Never liked \(1999\)"),
        ("xyzzy", r"no movie is called 'xyzzy' among the 7 of version"),
        ("", r"no movie is called ''"),
    ],
)
def test_a_title_that_means_no_movie_gets_suggestions(exports, title, words):
    error = shown("--movie", title).exception
    assert isinstance(error, CineSparkError)
    assert re.match(words, str(error))


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("xyzzy", "no dish is called 'xyzzy' among the 7"),
        ("Cinderella", "2 dishes are called"),
        ("Never liked", "it has 0 ratings, .*: choose another dish"),
    ],
)
def test_a_message_is_in_the_words_of_its_version(exports, title, words):
    renamed(exports, DISHES)
    assert re.search(words, str(shown("--movie", title).exception))


def test_what_is_like_has_a_mean_only_of_stars(exports):
    stars = ["#", "title", "year", "similarity", "ratings", "mean", "genres"]
    assert heading(shown("--movie", "empire").output) == stars
    renamed(exports, PRODUCTS)
    events = ["#", "title", "year", "similarity", "events", "genres"]
    assert heading(shown("--movie", "empire").output) == events
    never = str(shown("--movie", "Never liked").exception)
    assert "it has 0 events, none of them a like" in never


def board(role, model, value, is_published):
    names = ("metric_value", "metric_value_low", "metric_value_high")
    return {
        "role": role,
        "model": model,
        "metric": "RMSE" if role == "predictor" else "NDCG@10",
        "is_published": is_published,
        **dict.fromkeys(names, value),
        "fit_seconds": 1.5,
        "peak_bytes": 2**21,
        "built_at": "2026-01-01T02:03:04+00:00",
    }


def test_the_leaderboard_has_the_best_first_and_says_what_publishes(exports):
    assert "'evaluate: published'" in str(shown("--leaderboard").exception)
    rows = [
        board("ranker", "popularity", 0.1, False),
        board("ranker", "blend", 0.2, True),
        board("predictor", "bias", 0.95, False),
        board("predictor", "bayesian_mf", 0.88, True),
        board("new_users", "fold_in", 0.15, False)
        | {"fit_seconds": None, "peak_bytes": None},
    ]
    leave_leaderboard(rows, exports)
    leave_leaderboard([], exports)  # a build that judged nothing leaves the last one
    lines = csv.DictReader(
        io.StringIO(shown("--leaderboard", "--format", "csv").output)
    )
    assert [line["model"] for line in lines] == [
        *("bayesian_mf", "bias", "blend", "popularity", "fold_in")
    ]
    printed = " ".join(shown("--leaderboard").output.split())
    assert "→ blend 0.2000 0.2000 to 0.2000 1.5 2 popularity" in printed
    assert "build of 2026-01-01 02:03 UTC" in printed
    assert "new users, best first" in printed
    assert "fold_in 0.1500 0.1500 to 0.1500 ∅ ∅" in printed


def test_a_leaderboard_of_an_earlier_version_is_shown_with_todays_names(exports):
    former = {"figure_low": 0.8, "figure_high": 1.0, "gain_high": 0.2, "lead_low": 0.1}
    rows = [
        {
            **{
                name: value
                for name, value in board("ranker", model, 0.0, False).items()
                if not name.startswith("metric_value")
            },
            **former,
            "figure": figure,
        }
        for model, figure in (("a", 0.9), ("b", 0.95))
    ]
    (exports / "leaderboard.json").write_text(json.dumps(rows))
    best, other = json.loads(shown("--leaderboard", "--format", "json").output)
    expected = board("ranker", "a", 0.9, False) | {
        "metric_value_low": 0.8,
        "metric_value_high": 1.0,
        "gain_over_baseline_high": 0.2,
        "gain_over_published_low": 0.1,
    }
    assert other == expected
    assert best["model"] == "b"
    assert "0.9500" in shown("--leaderboard").output


def test_a_leaderboard_of_events_says_that_there_are_no_predictors(exports):
    row = board("ranker", "blend", 0.2, True)
    leave_leaderboard([row], exports)
    assert "no predictors" not in shown("--leaderboard").output
    leave_leaderboard([row | asdict(PRODUCTS)], exports)
    assert "no predictors: learnt from events, without stars to predict" in (
        shown("--leaderboard").output
    )


def test_without_a_build_here_the_checks_are_those_of_the_published_version(exports):
    rows = json.loads(shown("--quality", "--format", "json").output)
    assert [(row["column"], row["success"]) for row in rows] == [
        ("mean_shift", False),
        ("rating_count", True),
    ]
    assert "1 of 2 checks of the ratings passed" in shown("--quality").output


def test_what_a_check_means_is_printed_in_the_words_that_it_was_stored_in(exports):
    folder = exports.parent / "quality" / "cinespark"
    folder.mkdir(parents=True)
    check = {
        "suite": "ratings",
        "column": "kept_movie_share",
        "severity": "critical",
        "observed": 0.5,
        "expected": "at least 0.95",
        "success": False,
        "meaning": "share of the movie posters that are still there",
        "remedy": "mend movies.csv",
        "checked_at": "2026-01-01T02:03:04.000",
    }
    (folder / "ratings.json").write_text(json.dumps([check]))
    renamed(exports, Vocabulary("movie poster"))
    printed = " ".join(shown("--quality").output.split())
    assert (
        "kept_movie_share: share of the movie posters that are still there; "
        "mend movies.csv"
    ) in printed


def test_two_questions_at_once_are_refused(exports):
    result = shown("--leaderboard", "--quality")
    assert result.exit_code == 2
    assert "exclude each other" in result.output


def test_no_spark_is_loaded_to_show(exports):
    code = (
        "import sys; from cinespark.cli.main import cli; "
        "cli(['show', '--movie', 'empire'], standalone_mode=False); "
        "sys.exit('pyspark' in sys.modules or 'py4j' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
