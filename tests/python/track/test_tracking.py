"""Runs, models and the registry, in a real MLflow on SQLite."""

import importlib
import json
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import mlflow
import numpy as np
import pandas as pd
import pytest
from made_results import PARAMETERS, made_results
from made_versions import ABOUT, content

from cinespark.errors import CineSparkError
from cinespark.names import ALIAS, DATABASE, MODEL, PUBLISHED
from cinespark.publish.publish import publish
from cinespark.spark_tables import table_of
from cinespark.track.alias import point_alias_at
from cinespark.track.build_run import (
    RUNS_SCHEMA,
    models_of,
    track_build,
)
from cinespark.track.champion import promote_champion
from cinespark.track.client import (
    Build,
    about_build,
    git_commit,
    open_tracking,
)
from cinespark.track.logged_models import log_model, register
from cinespark.track.sample_lists import sample
from cinespark.train.als import FACTORS_SCHEMA, als_model
from cinespark.versions.manifest import read_manifest
from cinespark.versions.versions import current_version
from cinespark.vocabulary import USUAL

BUILD = Build(
    invocation_id="build-1",
    started_at=datetime(2026, 1, 1, 12, tzinfo=UTC),
    target="prod",
    git_commit="1" * 40,
    dataset={"name": "tiny", "source": "/a/folder", "sha256": "f" * 64},
    columns={"user_id": "int", "rating": "double", "rated_at": "timestamp"},
)
FACTORS = [
    ("user", 1, [1.0, 2.0]),
    ("movie", 10, [0.5, 1.0]),
    ("movie", 11, [1.0, 1.0]),
]


@pytest.fixture(scope="module")
def state(tmp_path_factory):
    return tmp_path_factory.mktemp("tracking")


@pytest.fixture(scope="module")
def client(state):
    return open_tracking(state)


@pytest.fixture(scope="module")
def results(spark):
    return made_results(spark.createDataFrame(FACTORS, FACTORS_SCHEMA))


@pytest.fixture(scope="module")
def rows(client, results, state):
    return track_build(client, BUILD, PARAMETERS, results, state / "it's ä")


@pytest.fixture(scope="module")
def runs(client, rows):
    return {row[1]: client.get_run(row[2]) for row in rows}


def test_each_model_has_a_run_under_that_of_the_build(client, rows, runs):
    assert list(runs) == [
        "predictor.bayesian_mf",
        "predictor.bias",
        "ranker.folded_in_als",
        PUBLISHED,
    ]
    (parent,) = {row[3] for row in rows}
    assert client.get_run(parent).info.run_name == "build of tiny"
    noon = client.get_run(parent).info.start_time / 1000
    assert datetime.fromtimestamp(noon, UTC) == BUILD.started_at
    for run in runs.values():
        assert run.data.tags["mlflow.parentRunId"] == parent
        assert run.info.status == "FINISHED"


def test_a_run_says_which_build_data_and_code_it_comes_from(runs):
    tags = runs["predictor.bias"].data.tags
    assert tags["dbt_invocation_id"] == "build-1"
    assert tags["data_sha256"] == "f" * 64
    assert tags["git_commit"] == "1" * 40
    assert tags["target"] == "prod"
    assert tags["mlflow.source.git.commit"] == "1" * 40
    (data,) = runs["predictor.bias"].inputs.dataset_inputs
    assert (data.dataset.name, data.dataset.digest) == ("tiny", "f" * 32)
    assert json.loads(data.dataset.source)["uri"] == "/a/folder"
    types = {
        c["name"]: c["type"] for c in json.loads(data.dataset.schema)["mlflow_colspec"]
    }
    assert types == {"user_id": "integer", "rating": "double", "rated_at": "datetime"}


def test_a_run_has_the_parameters_and_figures_of_its_model(rows, runs):
    assert runs["predictor.bayesian_mf"].data.params == {
        "factors": "2",
        "learning.ratings": "100",
    }
    assert runs["predictor.bias"].data.metrics == {
        "rmse_all": 0.95,
        "rmse_low_all": 0.9,
        "rmse_high_all": 1.0,
        "mae_all": 0.75,
        "rating_count_all": 10,
        "predictor_fit_seconds": 1.5,
        "predictor_peak_bytes": 1000,
    }
    published = runs[PUBLISHED].data.metrics
    assert published["rmse_all"] == 0.92  # its stars are those of bayesian_mf
    assert published["ndcg_10"] == 0.25
    assert "gini_10" not in published  # is not there
    assert published["catalogue_coverage"] == 0.25
    assert "top_movie_share" not in published  # does not apply
    by_model = {row[1]: row for row in rows}
    ranker = by_model["ranker.folded_in_als"]
    assert ranker[5]["fold_in.background"] == "0.1"
    assert ranker[5]["blend.fold_in_half_life"] == "1.0"  # as validation chose
    assert ranker[4] is None
    assert by_model[PUBLISHED][4] == "abc"
    assert by_model[PUBLISHED][5]["factors"] == "2"
    assert by_model[PUBLISHED][6] == published


def test_without_an_evaluation_what_publishes_is_tracked_all_the_same(results):
    nothing = {
        name: getattr(results, name).head(0)
        for name in ("accuracy", "ranking", "leaderboard")
    }
    models = models_of(PARAMETERS, replace(results, **nothing))
    assert list(models) == ["predictor.bayesian_mf", "ranker.folded_in_als", PUBLISHED]
    assert models[PUBLISHED].metrics == {"catalogue_coverage": 0.25}


def test_where_nothing_is_left_to_recommend_there_is_no_version(results):
    nothing = replace(results, lists=results.lists.head(0))
    assert models_of(PARAMETERS, nothing)[PUBLISHED].version is None
    assert sample(nothing.lists, USUAL) == ""


def test_the_recommender_has_pictures_and_a_sample(client, runs, tmp_path):
    run_id = runs[PUBLISHED].info.run_id
    names = [file.path for file in client.list_artifacts(run_id, "pictures")]
    drawn = {Path(name).stem for name in names}
    assert drawn == {
        *("predictors", "rankers", "genres", "genre_means", "distribution"),
        *("ratings_by_month", "ratings_by_year", "mean_by_month"),
        *("popularity", "stars"),
    }
    for name in names:
        file = Path(client.download_artifacts(run_id, name, str(tmp_path)))
        assert file.read_bytes().startswith(b"\x89PNG")


def test_a_sample_is_in_order_of_rank_and_keeps_its_table(results):
    assert sample(results.lists, USUAL).splitlines()[-2:] == [
        "| 1 | Heat | 1995 | 2.5 | personal |",
        "| 2 | Face\\|Off |  | 3.0 | popularity |",
    ]


def test_the_start_of_a_build_is_the_same_in_every_time_zone(
    spark, rows, results, monkeypatch
):
    landed = "dataset string, source string, licence string, dataset_sha256 string"
    manifest = spark.createDataFrame([("tiny", "/a/folder", "", "f" * 64)], landed)
    ratings = spark.createDataFrame([], "user_id int")
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("TZ", "America/New_York")
        time.tzset()
        build = about_build(manifest, results.checks, ratings, "prod", Path("/"))
        table = table_of(spark, rows, RUNS_SCHEMA)
        noon = table.selectExpr("cast(started_at as string)").first()[0]
    time.tzset()
    assert build.started_at == BUILD.started_at
    assert noon == "2026-01-01 12:00:00"


def test_rows_of_python_are_a_table_with_nulls_and_maps(spark):
    schema = "name string, number bigint, figures map<string,double>"
    rows = [("a", None, {"x": 0.5}), (None, 2, {})]
    assert [tuple(row) for row in table_of(spark, rows, schema).collect()] == rows
    empty = table_of(spark, [], schema)
    assert empty.dtypes == table_of(spark, rows, schema).dtypes
    assert empty.isEmpty()


def test_nothing_is_tracked_of_a_build_on_empty_tables(client, results, tmp_path):
    assert track_build(client, None, PARAMETERS, results, tmp_path) == []


def test_a_run_that_breaks_off_is_failed(client, results, tmp_path):
    broken = {name: PARAMETERS[name] for name in PARAMETERS if name != PUBLISHED}
    with pytest.raises(KeyError):
        track_build(client, BUILD, broken, results, tmp_path)
    failed = client.search_runs(["1"], "attributes.status = 'FAILED'")
    assert [run.info.run_name for run in failed] == ["build of tiny"]


def test_a_logged_model_knows_the_values_and_the_data_of_its_run(client, runs):
    run = runs[PUBLISHED]
    (output, *_) = run.outputs.model_outputs
    logged = client.get_logged_model(output.model_id)
    assert logged.status == "READY"
    assert logged.params["top_n"] == "2"
    metrics = {m.key: (m.value, m.dataset_name) for m in logged.metrics}
    assert metrics["rmse_all"] == (0.92, "tiny")
    assert len(client.get_metric_history(run.info.run_id, "rmse_all")) == 1


def test_a_model_that_cannot_be_saved_is_failed(client, runs):
    def save(path, description):
        raise OSError("disk is full")

    run = runs["predictor.bias"].info
    with pytest.raises(OSError, match="disk is full"):
        log_model(client, run.run_id, "broken", save)
    (logged,) = client.search_logged_models([run.experiment_id], "name = 'broken'")
    assert logged.status == "FAILED"


def test_a_process_killed_while_the_database_is_made_leaves_none(tmp_path):
    command = [sys.executable, "-c", OPEN_AND_DIE, tmp_path]
    assert subprocess.run(command).returncode == 9
    assert not (tmp_path / DATABASE).exists()
    left_behind = list(tmp_path.glob(".new-*"))
    assert left_behind
    client = open_tracking(tmp_path)
    assert client.search_registered_models() == []
    assert not any(file.exists() for file in left_behind)


OPEN_AND_DIE = """
import os
import sys
from pathlib import Path
import mlflow.store.db.utils as database
from cinespark.track.client import open_tracking
database._upgrade_db = lambda engine: os._exit(9)  # tables are there, columns not yet
open_tracking(Path(sys.argv[1]))
"""


def test_mllibs_model_of_factors_gives_their_dot_products(spark):
    model = als_model(spark.createDataFrame(FACTORS, FACTORS_SCHEMA))
    pairs = spark.createDataFrame([(1, 10), (1, 11)], "user_id int, movie_id int")
    scored = {row.movie_id: row.prediction for row in model.transform(pairs).collect()}
    assert scored == {10: 2.5, 11: 3.0}


def test_mllibs_model_passes_through_the_folder_that_is_given(rows, state):
    assert (state / "it's ä").is_dir()
    assert not [entry for entry in state.iterdir() if "%" in entry.name]


def test_mlflow_loads_the_item_factors_as_mllibs_model(client, runs, spark, state):
    (output, *_) = runs[PUBLISHED].outputs.model_outputs
    logged = client.get_logged_model(output.model_id)
    model = mlflow.spark.load_model(
        logged.artifact_location, dfs_tmpdir=(state / "checkpoints").as_uri()
    )
    pairs = spark.createDataFrame([(1, 10)], "user_id int, movie_id int")
    assert model.transform(pairs).first().prediction == 2.5


@pytest.fixture(scope="module")
def versions(client, runs, tmp_path_factory):
    """Return the numbers of two registered models; the second predicts a star more."""
    numbers = []
    for more in (0.0, 1.0):
        folder = tmp_path_factory.mktemp("version")
        arrays = {
            "scale": np.array([0.5, 5.0]),
            "global_mean": np.array([3.0 + more]),
            "user_ids": np.array([1]),
            "user_bias": np.array([0.5, 0.0]),
            "user_counts": np.array([1, 0]),
            "user_factors": np.zeros((2, 0)),
            "movie_ids": np.array([10]),
            "movie_bias": np.array([0.25, 0.0]),
            "movie_counts": np.array([1, 0]),
            "movie_factors": np.zeros((2, 0)),
        }
        np.savez(folder / "predictor.npz", **arrays)
        run_id = runs[PUBLISHED].info.run_id
        tags = {"model_version": f"abc{more:g}"}
        numbers.append(register(client, run_id, folder, tags, USUAL))
    return numbers


SCORE = """
import sys
import mlflow
import pandas as pd
mlflow.set_tracking_uri(sys.argv[1])
model = mlflow.pyfunc.load_model("models:/cinespark@champion")
print(model.predict(pd.DataFrame({"user_id": [1, 2], "movie_id": [10, 99]})).tolist())
"""


def test_a_fresh_process_loads_the_champion_and_scores_pairs(state, versions, tmp_path):
    assert point_alias_at(state / DATABASE, "abc0") == versions[0]
    command = [sys.executable, "-c", SCORE, f"sqlite:///{state / DATABASE}"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    # 3 + 0.5 + 0.25 stars; unknown user and movie: the mean
    assert done.stdout.strip() == "[3.75, 3.0]", done.stderr


def test_a_model_that_names_the_loader_of_before_the_rooms_loads(tmp_path):
    arrays = {
        "scale": np.array([0.5, 5.0]),
        "global_mean": np.array([3.0]),
        **{f"{entity}_ids": np.array([7]) for entity in ("user", "movie")},
        **{f"{entity}_bias": np.array([0.5, 0.0]) for entity in ("user", "movie")},
        **{f"{entity}_counts": np.array([1, 0]) for entity in ("user", "movie")},
        **{f"{entity}_factors": np.zeros((2, 0)) for entity in ("user", "movie")},
    }
    np.savez(tmp_path / "predictor.npz", **arrays)
    loader = importlib.import_module("cinespark.champion")
    model = loader._load_pyfunc(str(tmp_path))
    pairs = pd.DataFrame({"user_id": [7], "movie_id": [7]})
    assert model.predict(pairs).tolist() == [4.0]


def test_a_registered_model_says_which_build_it_comes_from(client, versions):
    for number, more in zip(versions, "01", strict=True):
        registered = client.get_model_version("cinespark", number)
        assert registered.tags == {"model_version": f"abc{more}"}


@pytest.fixture
def published(tmp_path, runs):
    """Return the folder of versions with one in it, and its manifest."""
    about = replace(
        ABOUT, run_id=runs[PUBLISHED].info.run_id, model_version="published"
    )
    publish(content(), tmp_path, about)
    return tmp_path, read_manifest(tmp_path, current_version(tmp_path))


def test_a_model_that_the_registry_lost_is_registered_anew(state, client, published):
    exports, manifest = published
    with pytest.raises(CineSparkError, match="does not have it"):
        point_alias_at(state / DATABASE, "published")
    promote_champion(state, manifest.about, exports, manifest)
    champion = client.get_model_version_by_alias(MODEL, ALIAS)
    assert champion.tags["model_version"] == "published"
    promote_champion(state, manifest.about, exports, manifest)
    again = client.get_model_version_by_alias(MODEL, ALIAS)
    assert again.version == champion.version  # once


def test_what_mlflow_cannot_do_is_a_warning(state, published, tmp_path, monkeypatch):
    exports, manifest = published
    shown = []
    monkeypatch.setattr("cinespark.track.champion.log.warning", shown.append)
    elsewhere = replace(manifest.about, run_id="lost", model_version="other")
    promote_champion(state, elsewhere, exports, replace(manifest, about=elsewhere))
    (warning,) = shown
    assert "the model other was not registered in" in warning
    assert "`dbt run --select mlflow_runs+`" in warning


def test_a_logged_model_names_the_version_it_is_registered_as(client, versions):
    listed = {
        model.artifact_location: json.loads(model.tags["mlflow.modelVersions"])
        for model in client.search_logged_models(["1"], "name = 'recommender'")
    }
    for number in versions:
        source = client.get_model_version("cinespark", number).source
        assert listed[source] == [{"name": "cinespark", "version": number}]


def test_the_commit_is_gits_and_none_outside(tmp_path):
    assert git_commit(tmp_path) is None
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    (tmp_path / "file").touch()
    subprocess.run(["git", "-C", tmp_path, "add", "."], check=True)
    who = ["-c", "user.name=x", "-c", "user.email=x@x"]
    subprocess.run(["git", "-C", tmp_path, *who, "commit", "-qm", "x"], check=True)
    head = ["git", "-C", tmp_path, "rev-parse", "HEAD"]
    commit = subprocess.run(head, capture_output=True, text=True).stdout.strip()
    assert git_commit(tmp_path) == commit
    (tmp_path / "file").write_text("changed")
    assert git_commit(tmp_path) == f"{commit}-dirty"
