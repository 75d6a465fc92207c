"""Free what MLflow keeps of builds that are neither recent nor published."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cinespark.names import MODEL
from cinespark.track.client import artifacts_of, experiment_id

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import Run

KEEP = 5  # builds, counted from the newest; as many as versions
NAMES = re.compile(r"(m-)?[0-9a-f]{32}")  # of the folders of runs and of models
PARENT = "mlflow.parentRunId"


def unused_artifacts(client: "MlflowClient", keep: int = KEEP) -> list[Path]:
    """Return the folders of artifacts that nobody needs.

    Needed are those of the newest builds, of every run with a registered model, and of
    runs that are no build, as those of a search for parameters. A folder that no run
    or model names is left from a killed build, or from a database that was lost.
    """
    from mlflow.entities import ViewType

    experiment = [experiment_id(client)]
    runs = list(pages(client.search_runs, experiment, run_view_type=ViewType.ALL))
    registered = pages(client.search_model_versions, f"name = '{MODEL}'")
    needed = {str(version.run_id) for version in registered}
    roots = [run for run in runs if is_build(run) and PARENT not in run.data.tags]
    roots.sort(key=lambda run: run.info.start_time, reverse=True)
    recent = {run.info.run_id for run in roots[:keep]}
    needed |= {
        run.info.run_id
        for run in runs
        if not is_build(run) or recent & {run.info.run_id, run.data.tags.get(PARENT)}
    }
    models = pages(client.search_logged_models, experiment)
    needed |= {one.model_id for one in models if str(one.source_run_id) in needed}
    artifacts = artifacts_of(client)
    folders = sorted([*artifacts.glob("*"), *(artifacts / "models").glob("*")])
    return [
        one for one in folders if NAMES.fullmatch(one.name) and one.name not in needed
    ]


def remove_artifacts(client: "MlflowClient", folders: list[Path]) -> None:
    """Remove folders of artifacts, and the logged models of which they are.

    The parameters and metrics of all runs stay, in the database.
    """
    models = pages(client.search_logged_models, [experiment_id(client)])
    there = {model.model_id for model in models}
    for folder in folders:
        if folder.name in there:
            client.delete_logged_model(folder.name)
        shutil.rmtree(folder)


def forget(client: "MlflowClient", model_version: str) -> None:
    """Remove the registered models of a version, unless an alias names them."""
    named = client.get_registered_model(MODEL).aliases.values()
    for found in list(pages(client.search_model_versions, f"name = '{MODEL}'")):
        is_its = found.tags.get("model_version") == model_version
        if is_its and found.version not in named:
            client.delete_model_version(MODEL, found.version)


def is_build(run: "Run") -> bool:
    return "dbt_invocation_id" in run.data.tags


def pages(search: Any, *arguments: Any, **more: Any) -> Iterator[Any]:
    """Yield what a search of MLflow finds, from all its pages."""
    page = search(*arguments, **more)
    yield from page
    while page.token:
        page = search(*arguments, page_token=page.token, **more)
        yield from page
