"""One declaration is all that a new model needs to be seen everywhere."""

from pathlib import Path

import numpy as np
import pytest
from toys import TOY_PREDICTOR, TOY_RANKER, toys
from whole_build import SCHEMA

from cinespark.evaluate.declared_models import markdown_table
from cinespark.evaluate.tuning import tunable, tune
from cinespark.report.build import write_report
from cinespark.track.client import open_tracking

ROOT = Path(__file__).parents[3]
TOYS = [("predictor", TOY_PREDICTOR), ("ranker", TOY_RANKER)]


@pytest.mark.parametrize(("role", "toy"), TOYS)
def test_the_leaderboard_judges_it_and_says_its_note(table, role, toy):
    board = table("model_leaderboard").set_index(["role", "model"])
    row = board.loc[(role, toy.name)]
    assert row.note == toy.note.format(bias={"iterations": 15})
    assert not row.is_published
    assert row.judged_count > 0


def test_its_error_is_that_of_its_one_number(table):
    split = table("int_ratings_split")
    test = split[split["random_split"] == "test"]["rating"]
    median = split[split["random_split"] == "train"]["rating"].median()
    board = table("model_leaderboard").set_index(["role", "model"])
    error = np.sqrt(((test - median) ** 2).mean())
    row = board.loc[("predictor", TOY_PREDICTOR.name)]
    assert row.metric_value == pytest.approx(error)


@pytest.mark.parametrize(("role", "toy"), TOYS)
def test_mlflow_has_a_run_of_it_with_its_parameters(table, role, toy):
    runs = table("mlflow_runs").sort_values("started_at")  # of every build so far
    of_the_toy = runs[runs["model"] == f"{role}.{toy.name}"]
    logged = dict(of_the_toy.iloc[-1].parameters)
    names = ("user_shrinkage", "movie_shrinkage", "iterations")
    expected = {f"bias.{name}" for name in names}  # a group that it shares
    assert set(logged) == (expected if role == "predictor" else set())


def test_the_report_draws_it(build, state_dir, tmp_path):
    file = tmp_path / "report.html"
    write_report(state_dir, SCHEMA, file)
    page = file.read_text(encoding="utf-8")
    assert TOY_PREDICTOR.name in page
    assert TOY_RANKER.name in page


@pytest.mark.parametrize(("role", "toy"), TOYS)
def test_the_docs_and_the_declared_models_describe_it(table, role, toy):
    with toys():
        assert f"| `{toy.name}` | {toy.description} |" in markdown_table(role)
    rows = table("declared_models").set_index(["role", "model"])
    assert rows.loc[(role, toy.name)].description == toy.description


def test_a_search_turns_its_knob(build, spark, tmp_path):
    session = spark.newSession()
    session.catalog.setCurrentDatabase(SCHEMA)
    client, storage = open_tracking(tmp_path), tmp_path / "tuning.db"
    with toys():
        assert TOY_RANKER.name not in tunable()
        found = tune(
            TOY_PREDICTOR.name, 2, session, ROOT, client, storage, lambda *_: None
        )
    assert found.metric == "validation_rmse"
    assert found.now == found.best > 0  # its one number has no use for the knob
    assert found.trials == 2
