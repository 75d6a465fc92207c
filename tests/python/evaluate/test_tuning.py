"""`cinespark tune`, on generated tables, with a real Optuna and a real MLflow."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from click.testing import CliRunner

from cinespark.algorithms.predict import predict_ratings
from cinespark.cli.main import cli
from cinespark.data.bring import bring
from cinespark.errors import CineSparkError
from cinespark.evaluate.tuning import (
    open_study,
    present_parameters,
    tunable,
    tune,
)
from cinespark.track.client import open_tracking

pytestmark = pytest.mark.slow  # each trial is a fit and a run in MLflow


@pytest.fixture(scope="module")
def split():
    """Return rows whose users differ by chance alone, as tuning does not know.

    A user's mean says nothing, a movie's everything: much shrinkage of users and little
    of movies is better than 5 and 5, which the project has. A few are test rows.
    """
    rng = np.random.default_rng(3)
    user, movie = np.nonzero(rng.random((80, 30)) < 0.25)
    worth = rng.normal(0, 0.8, 30)
    stars = 3 + worth[movie] + rng.normal(0, 1, len(movie))
    side = rng.choice(["train", "validation", "test"], len(stars), p=[0.5, 0.4, 0.1])
    return pd.DataFrame(
        {
            "user_id": (user + 100).astype("int32"),
            "movie_id": (movie * 3 + 7).astype("int32"),
            # a test row would make each figure NaN
            "rating": np.where(side == "test", np.nan, np.clip(stars, 0.5, 5)),
            "random_split": np.where(side == "test", "test", "train"),
            "is_random_validation": side == "validation",
        }
    )


def independent_rmse(split, user_shrinkage, movie_shrinkage):
    """Return the validation error of the ridge regression that the bias model is."""
    known = split[split.random_split == "train"]
    design = pd.get_dummies(known[["user_id", "movie_id"]].astype(str), dtype=float)
    is_user = design.columns.str.startswith("user_id").astype(float)
    penalty = is_user * user_shrinkage + (1 - is_user) * movie_shrinkage
    x, hidden = design.to_numpy(), known.is_random_validation.to_numpy()
    stars = known.rating.to_numpy()
    mean = stars[~hidden].mean()
    left = x[~hidden].T @ x[~hidden] + np.diag(penalty)
    biases = np.linalg.solve(left, x[~hidden].T @ (stars[~hidden] - mean))
    errors = np.clip(mean + x[hidden] @ biases, 0.5, 5) - stars[hidden]
    return np.sqrt(np.mean(errors**2))


@pytest.fixture(scope="module")
def session(spark, split):
    """Return a session whose tables are the rows of the split."""
    users = split[["user_id"]].drop_duplicates()
    movies = split[["movie_id"]].drop_duplicates()
    session = spark.newSession()
    for name, frame in {"split": split, "users": users, "movies": movies}.items():
        session.createDataFrame(frame).createOrReplaceTempView(name)
    nothing = "cast(null as string)"
    for view, query in {
        "int_ratings_split": "select * from split",
        "int_users": f"""select user_id, {nothing} as gender, {nothing} as occupation,
            {nothing} as age_band from users""",
        "int_movies": """select movie_id, array('Drama') as genres, 1999 as release_year
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


def test_a_search_finds_the_planted_better_parameters(search, split):
    found, steps, _ = search("bias", 8)
    tried = {"bias_user_shrinkage": 5.0, "bias_movie_shrinkage": 5.0}
    assert found.metric == "validation_rmse"
    now = independent_rmse(split, *tried.values())
    assert found.now == pytest.approx(now, abs=2e-3)
    assert {var: was for var, (was, _) in found.changes.items()} == tried
    best = {var: becomes for var, (_, becomes) in found.changes.items()}
    assert best["bias_user_shrinkage"] > 15
    judged = independent_rmse(split, **{key[5:]: best[key] for key in best})
    assert found.best == pytest.approx(judged, abs=2e-3)
    # at least half of what there is to be gained by no biases of users at all
    there = now - independent_rmse(split, 1e6, 2.0)
    assert there > 0.02
    assert now - judged > there / 2
    assert steps[-1] == (8, found.best)


def test_a_search_starts_from_the_present_and_goes_on_where_it_stopped(search):
    found, steps, client = search("bias", 4)
    assert found.trials == 4
    assert [done for done, _ in steps] == [1, 2, 3, 4]
    assert steps[0] == (1, found.now)
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
    assert again.now == found.now
    children = [
        run
        for run in client.search_runs(["1"])
        if run.data.tags.get("mlflow.parentRunId") == parent
    ]
    figures = [run.data.metrics["validation_rmse"] for run in children]
    assert len(figures) == 6  # none was tried twice
    assert again.best == min(figures)


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
    parameters = present_parameters(root, {})
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


@pytest.mark.parametrize("content", [b"no database", b"SQLite format 3\0" * 9])
def test_a_torn_file_of_trials_is_named_with_the_way_out(tmp_path, content):
    storage = tmp_path / "tuning.db"
    storage.write_bytes(content)
    with pytest.raises(CineSparkError, match=r"cannot be read .* move it away"):
        open_study(storage, "a search", True)


def test_of_events_the_present_is_that_of_events():
    root = Path(__file__).parents[3]
    given = yaml.safe_load((root / "dbt_project.yml").read_text())["vars"]
    found = present_parameters(root, {"feedback": "implicit", "id_type": "string"})
    wanted = given["event_settings"]["item_factors_alpha"]
    assert found["item_factors"]["alpha"] == wanted != given["item_factors_alpha"]


def test_stars_of_events_are_not_tuned(tmp_path):
    (tmp_path / "clicks.csv").write_text("user,item,time\n1,2,3\n1,3,4\n")
    state = tmp_path / "state"
    bring(str(tmp_path / "clicks.csv"), state / "data", str)
    words = ["--state-dir", str(state), "tune", "bias"]
    error = CliRunner().invoke(cli, words).exception
    assert str(error).startswith("bias predicts stars, and events have none")
