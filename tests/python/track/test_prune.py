"""What MLflow keeps of old builds, in a real MLflow on SQLite."""

from dataclasses import replace
from datetime import timedelta

import pytest
from mlflow.utils.mlflow_tags import MLFLOW_PARENT_RUN_ID
from test_tracking import BUILD

from cinespark.names import ALIAS, MODEL
from cinespark.track.client import artifacts_of, experiment_id, open_tracking, run
from cinespark.track.prune import forget, pages, remove_artifacts, unused_artifacts


@pytest.fixture
def client(tmp_path):
    return open_tracking(tmp_path / "a state")


def build(client, day):
    """Log a build of a day, and return the run and the id of its model."""
    about = replace(BUILD, started_at=BUILD.started_at + timedelta(days=day))
    with (
        run(client, about, "build") as parent,
        run(client, about, "one", parent) as id_,
    ):
        client.log_text(id_, "a picture", "picture.txt")
        model = client.create_logged_model(experiment_id(client), "m", id_)
        client.log_text(parent, "of the build", "note.txt")
    (artifacts_of(client) / "models" / model.model_id / "artifacts").mkdir(parents=True)
    return id_, model.model_id


def names(folders):
    return {folder.name for folder in folders}


def register(client, run_id, version):
    if not client.search_registered_models():
        client.create_registered_model(MODEL)
    tags = {"model_version": version}
    return client.create_model_version(MODEL, "/nowhere", run_id, tags).version


def test_artifacts_of_builds_that_are_neither_new_nor_published_go(client):
    builds = [build(client, day) for day in range(5)]
    register(client, builds[1][0], "published")
    parents = {client.get_run(run_id).data.tags[MLFLOW_PARENT_RUN_ID]: day
               for day, (run_id, _) in enumerate(builds)}  # fmt: skip
    unused = unused_artifacts(client, keep=2)
    old = {0, 1, 2}
    assert names(unused) == {
        *(parent for parent, day in parents.items() if day in old),
        *(name for day in old - {1} for name in builds[day]),
    }
    remove_artifacts(client, unused)
    assert unused_artifacts(client, keep=2) == []
    there = names(artifacts_of(client).glob("*/"))
    assert builds[0][0] not in there
    assert {builds[1][0], builds[4][0]} <= there
    models = client.search_logged_models([experiment_id(client)])
    assert {model.model_id for model in models} == {builds[day][1] for day in (1, 3, 4)}
    assert len(client.search_runs([experiment_id(client)])) == 10  # all stay


def test_runs_of_others_and_folders_of_others_stay(client):
    search = client.create_run(experiment_id(client), run_name="a search").info.run_id
    client.log_text(search, "a trial", "trial.txt")
    folder = artifacts_of(client)
    for name in ("mine", "models/m-mine", "0" * 32, f"models/m-{'1' * 32}"):
        (folder / name).mkdir(parents=True)
    unused = unused_artifacts(client)
    assert names(unused) == {"0" * 32, f"m-{'1' * 32}"}  # which no row names
    remove_artifacts(client, unused)
    assert (folder / search / "artifacts" / "trial.txt").is_file()


def test_a_model_is_forgotten_unless_an_alias_names_it(client):
    run_id, _ = build(client, 0)
    for version in ("first", "second", "first"):
        last = register(client, run_id, version)
    client.set_registered_model_alias(MODEL, ALIAS, last)
    forget(client, "first")
    forget(client, "unknown")
    left = client.search_model_versions(f"name = '{MODEL}'")
    assert sorted(found.tags["model_version"] for found in left) == ["first", "second"]


def test_all_pages_of_a_search_are_looked_at(client):
    for _ in range(5):
        client.create_run(experiment_id(client))
    found = pages(client.search_runs, [experiment_id(client)], max_results=2)
    assert len(list(found)) == 5
