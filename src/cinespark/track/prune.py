"""Free what MLflow keeps of builds that are neither recent nor published."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cinespark.names import MODEL
from cinespark.publish.publish import KEEP
from cinespark.track.client import artifacts_of, experiment_id

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import Run

NAMES = re.compile(r"(m-)?[0-9a-f]{32}")  # of the folders of runs and of models
PARENT = "mlflow.parentRunId"
NEWEST = 200  # runs among which the newest builds are looked for


def unused_artifacts(client: "MlflowClient", keep: int = KEEP) -> list[Path]:
    """Return the folders of artifacts that nobody needs.

    Needed are those of the newest builds, of every run with a registered model, and of
    runs that are no build, as those of a search for parameters. A folder that no run
    or model names is left from a killed build, or from a database that was lost.
    """
    artifacts = artifacts_of(client)
    # listed before the rows are read: each row was there before its folder
    folders = sorted([*artifacts.glob("*"), *(artifacts / "models").glob("*")])
    newest = client.search_runs(
        [experiment_id(client)],
        "tags.dbt_invocation_id != ''",
        order_by=["attributes.start_time DESC"],
        max_results=NEWEST,
    )
    recent = set(list(dict.fromkeys(map(root_of, newest)))[:keep])
    registered = pages(client.search_model_versions, f"name = '{MODEL}'")
    published = {str(version.run_id) for version in registered}

    def is_needed(name: str) -> bool:
        run = run_of(client, name)
        return run is not None and (
            "dbt_invocation_id" not in run.data.tags
            or root_of(run) in recent
            or run.info.run_id in published
        )

    ours = (folder for folder in folders if NAMES.fullmatch(folder.name))
    return [folder for folder in ours if not is_needed(folder.name)]


def remove_artifacts(client: "MlflowClient", folders: list[Path]) -> None:
    """Remove folders of artifacts, and the logged models of which they are.

    The parameters and metrics of all runs stay, in the database.
    """
    for folder in folders:
        if folder.name.startswith("m-") and run_of(client, folder.name) is not None:
            client.delete_logged_model(folder.name)
        shutil.rmtree(folder)


def run_of(client: "MlflowClient", name: str) -> "Run | None":
    """Return the run that a folder of a run or a model belongs to, if any."""
    from mlflow.exceptions import MlflowException

    try:
        if name.startswith("m-"):
            name = str(client.get_logged_model(name).source_run_id)
        return client.get_run(name)
    except MlflowException as error:
        if error.error_code != "RESOURCE_DOES_NOT_EXIST":
            raise
        return None


def root_of(run: "Run") -> str:
    """Return the id of the build's own run."""
    return str(run.data.tags.get(PARENT, run.info.run_id))


def forget(client: "MlflowClient", model_version: str) -> None:
    """Remove the registered models of a version, unless an alias names them."""
    named = client.get_registered_model(MODEL).aliases.values()
    for found in list(pages(client.search_model_versions, f"name = '{MODEL}'")):
        is_its = found.tags.get("model_version") == model_version
        if is_its and found.version not in named:
            client.delete_model_version(MODEL, found.version)


def pages(search: Any, *arguments: Any, **more: Any) -> Iterator[Any]:
    """Yield what a search of MLflow finds, from all its pages."""
    page = search(*arguments, **more)
    yield from page
    while page.token:
        page = search(*arguments, page_token=page.token, **more)
        yield from page
