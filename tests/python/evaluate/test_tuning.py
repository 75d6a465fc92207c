"""`cinespark tune`, on generated tables, with a real Optuna and a real MLflow."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from learning import planted_ratings

from cinespark.algorithms.predict import predict_ratings
from cinespark.cli.main import cli
from cinespark.errors import CineSparkError
from cinespark.evaluate.tuning import present_parameters, tunable, tune
from cinespark.track.client import open_tracking


@pytest.fixture(scope="module")
def session(spark):
    """Return a session whose tables are planted ratings, a few of them test rows."""
    ratings = planted_ratings()
    rng = np.random.default_rng(3)
    side = rng.choice(
        ["train", "validation", "test"], len(ratings.stars), p=[0.6, 0.2, 0.2]
    )
    split = pd.DataFrame(
        {
            "user_id": ratings.user_ids[ratings.users].astype("int32"),
            "movie_id": ratings.movie_ids[ratings.movies].astype("int32"),
            "rating": np.where(side == "test", np.nan, ratings.stars),
            "random_split": np.where(side == "test", "test", "train"),
            "is_random_validation": side == "validation",
        }
    )
    users = pd.DataFrame({"user_id": ratings.user_ids.astype("int32")})
    movies = pd.DataFrame({"movie_id": ratings.movie_ids.astype("int32")})
    session = spark.newSession()
    for name, frame in {"split": split, "users": users, "movies": movies}.items():
        session.createDataFrame(frame).createOrReplaceTempView(name)
    nothing = "cast(null as string)"
    for view, query in {
        # a test row would make each figure NaN
        "int_ratings_split": "select * from split",
        "dim_users": f"""select user_id, {nothing} as gender, {nothing} as occupation,
            {nothing} as age_band from users""",
        "dim_movies": """select movie_id, array('Drama') as genres, 1999 as release_year
            from movies""",
        "stg_movielens__manifest": """select 'planted' as dataset,
            'abc' as dataset_sha256""",
    }.items():
        session.sql(query).createOrReplaceTempView(view)
    return session


@pytest.fixture
def search(session, tmp_path):
    client = open_tracking(tmp_path)
    steps = []

    def run(model, trials):
        root = Path(__file__).parents[3]
        found = tune(
            model,
            trials,
            session,
            root,
            client,
            tmp_path / "tuning.db",
            lambda done, best: steps.append((done, best)),
        )
        return found, steps, client

    return run


def test_a_search_starts_from_the_present_and_goes_on_where_it_stopped(search):
    found, steps, client = search("bias", 4)
    assert found.trials == 4
    assert found.metric == "validation_rmse"
    assert found.best <= found.now
    assert [done for done, _ in steps] == [1, 2, 3, 4]
    runs = client.search_runs(["1"])
    (parent,) = {run.data.tags.get("mlflow.parentRunId") for run in runs} - {None}
    children = [
        run for run in runs if run.data.tags.get("mlflow.parentRunId") == parent
    ]
    assert len(children) == 4
    assert {run.info.status for run in runs} == {"FINISHED"}
    present = [
        run
        for run in children
        if run.data.params["bias_user_shrinkage"] == "5.0"
        and run.data.params["bias_movie_shrinkage"] == "5.0"
    ]
    assert [run.data.metrics["validation_rmse"] for run in present] == [found.now]

    again, steps, _ = search("bias", 6)
    assert [done for done, _ in steps] == [1, 2, 3, 4, 5, 6]
    assert again.best <= found.best
    assert again.now == found.now


def test_ctrl_c_in_the_first_trial_loses_nothing_but_the_trial(search, monkeypatch):
    interrupts = iter([KeyboardInterrupt])

    def interrupted_once(*words):
        for interrupt in interrupts:
            raise interrupt
        return predict_ratings(*words)

    monkeypatch.setattr("cinespark.evaluate.tuning.predict_ratings", interrupted_once)
    with pytest.raises(KeyboardInterrupt):
        search("bias", 2)
    found, steps, client = search("bias", 2)
    assert [done for done, _ in steps] == [1, 2]
    assert found.now > 0
    runs = client.search_runs(["1"])
    children = [run for run in runs if run.data.tags.get("mlflow.parentRunId")]
    parents = [run for run in runs if run not in children]
    assert [run.info.status for run in parents] == ["FINISHED"]
    assert sorted(run.info.status for run in children) == [
        *("FINISHED", "FINISHED", "KILLED")
    ]


def test_each_knob_is_a_var_of_the_project_within_its_range():
    root = Path(__file__).parents[3]
    parameters = present_parameters(root)
    for knobs in tunable().values():
        for knob in knobs:
            value = parameters[knob.group][knob.name]
            assert knob.low <= value <= knob.high, knob.var
            assert isinstance(value, type(knob.low)), knob.var


def test_a_model_that_cannot_be_tuned_is_refused_with_those_that_can():
    result = CliRunner().invoke(cli, ["tune", "popularity"])
    assert isinstance(result.exception, CineSparkError)
    assert "popularity cannot be tuned: name one of bayesian_mf" in str(
        result.exception
    )
