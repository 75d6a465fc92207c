"""Open MLflow's database below the state folder, and log runs into it.

MLflow keeps its active run per thread, and dbt runs models in several threads: so only
its client is used, and every run's id is passed on.
"""

import logging
import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from cinespark.files import NEW, replacing
from cinespark.lock import locked
from cinespark.names import DATABASE
from cinespark.track.place import follow

if TYPE_CHECKING:
    import pandas as pd
    from mlflow import MlflowClient
    from mlflow.entities import Dataset
    from pyspark.sql import DataFrame

EXPERIMENT = "cinespark"


@dataclass(frozen=True)
class Build:
    """What all runs of a build have in common."""

    invocation_id: str
    started_at: datetime  # with its time zone
    target: str
    git_commit: str | None
    dataset: Mapping[str, str]  # name, source, licence, sha256
    columns: Mapping[str, str]  # of the ratings, with their types in Spark

    @property
    def tags(self) -> dict[str, str]:
        return {
            "dbt_invocation_id": self.invocation_id,
            "target": self.target,
            "git_commit": self.git_commit or "none",
            "data_sha256": self.dataset["sha256"],
            # what MLflow's own pages show as the source
            "mlflow.source.name": "dbt",
            "mlflow.source.type": "JOB",
            "mlflow.source.git.commit": (self.git_commit or "").removesuffix("-dirty"),
        }


def open_tracking(state_dir: Path) -> "MlflowClient":
    """Return a client for the runs and the registry in the state folder.

    If there is no database yet it is made, which takes seconds; other processes wait.
    """
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    os.environ.setdefault("DO_NOT_TRACK", "1")
    from mlflow import MlflowClient

    for name in ("mlflow", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)  # no news of its work
    database = state_dir.resolve() / DATABASE
    uri = f"sqlite:///{database}"
    artifacts = state_dir.resolve() / "mlartifacts"
    with locked(artifacts, on_wait=lambda: None):
        if not database.is_file():
            make_database(database, artifacts)
        follow(database, artifacts, EXPERIMENT)
        client = MlflowClient(uri, uri)
        if client.get_experiment_by_name(EXPERIMENT) is None:
            # the user interface opens on runs and models, not on prompts
            kind = {"mlflow.experimentKind": "custom_model_development"}
            client.create_experiment(EXPERIMENT, artifacts.as_uri(), kind)
    return client


def make_database(database: Path, artifacts: Path) -> None:
    """Make MLflow's database in one step: one half made can never be opened again."""
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

    for left_behind in database.parent.glob(f"{NEW}{database.name}*"):
        left_behind.unlink()
    with replacing(database) as new:
        uri = f"sqlite:///{new}"
        store = SqlAlchemyStore(uri, artifacts.as_uri())  # type: ignore[no-untyped-call]
        store.engine.dispose()
        new.chmod(0o600)  # as a folder that is made: its owner's alone


def experiment_id(client: "MlflowClient") -> str:
    experiment = client.get_experiment_by_name(EXPERIMENT)
    assert experiment is not None  # open_tracking made it
    return str(experiment.experiment_id)


def artifacts_of(client: "MlflowClient") -> Path:
    """Return the folder of all artifacts of the experiment."""
    experiment = client.get_experiment_by_name(EXPERIMENT)
    assert experiment is not None  # open_tracking made it
    return Path(unquote(urlsplit(experiment.artifact_location).path))


@contextmanager
def run(
    client: "MlflowClient", build: Build, name: str, parent_id: str | None = None
) -> Iterator[str]:
    """Open a run with the build's tags and data set, and give its id.

    It ends as FINISHED, or as FAILED if the block raises. The build's own run, which
    has no parent, starts when the build did.
    """
    from mlflow.entities import DatasetInput, InputTag
    from mlflow.utils.mlflow_tags import MLFLOW_DATASET_CONTEXT, MLFLOW_PARENT_RUN_ID

    parent = {MLFLOW_PARENT_RUN_ID: parent_id} if parent_id else {}
    created = client.create_run(
        experiment_id(client),
        None if parent_id else int(build.started_at.timestamp() * 1000),
        build.tags | parent,
        name,
    )
    run_id = str(created.info.run_id)
    context = [InputTag(MLFLOW_DATASET_CONTEXT, "training")]
    client.log_inputs(run_id, [DatasetInput(data_set(build), context)])
    try:
        yield run_id
    except BaseException:
        client.set_terminated(run_id, "FAILED")
        raise
    client.set_terminated(run_id)


def data_set(build: Build) -> "Dataset":
    """Return the ratings as a data set of MLflow: name, source, SHA-256 and schema."""
    from mlflow.data.http_dataset_source import HTTPDatasetSource
    from mlflow.data.meta_dataset import MetaDataset
    from mlflow.data.sources import (  # type: ignore[attr-defined]
        LocalArtifactDatasetSource,
    )
    from mlflow.types.schema import ColSpec, Schema, TensorSpec

    types = {"int": "integer", "bigint": "long", "timestamp": "datetime"}
    columns: list[ColSpec | TensorSpec] = [
        ColSpec(types.get(kind, kind), name) for name, kind in build.columns.items()
    ]
    source = build.dataset["source"]
    kind = HTTPDatasetSource if "://" in source else LocalArtifactDatasetSource
    return MetaDataset(  # type: ignore[abstract]
        kind(source),
        name=build.dataset["name"],
        digest=build.dataset["sha256"][:32],
        schema=Schema(columns),
    )._to_mlflow_entity()


def log_values(
    client: "MlflowClient",
    run_id: str,
    parameters: Mapping[str, object],
    metrics: Mapping[str, float],
) -> None:
    """Log the parameters and metrics of a run in one call."""
    from mlflow.entities import Metric, Param

    then = client.get_run(run_id).info.start_time
    client.log_batch(
        run_id,
        metrics=[Metric(name, value, then, 0) for name, value in metrics.items()],
        params=[Param(name, str(value)) for name, value in parameters.items()],
    )


def git_commit(root: Path) -> str | None:
    """Return a folder's git commit, with '-dirty' if files differ; None without git."""
    words = ["git", "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    try:
        done = subprocess.run(words, cwd=root, capture_output=True, text=True)
    except FileNotFoundError:  # no git on this machine
        return None
    return done.stdout.strip() or None


def about_build(
    manifest: "DataFrame",
    checks: "pd.DataFrame",
    ratings: "DataFrame",
    target: str,
    root: Path,
) -> Build | None:
    """Return what a build's tables say about it, None if the tables are empty."""
    landed = manifest.first()
    if landed is None or checks.empty:
        return None
    return Build(
        invocation_id=checks["invocation_id"][0],
        # Spark gives times without their zone, which is UTC in every session
        started_at=checks["checked_at"][0].to_pydatetime().replace(tzinfo=UTC),
        target=target,
        git_commit=git_commit(root),
        dataset={
            "name": landed.dataset,
            "source": landed.source,
            "licence": landed.licence,
            "sha256": landed.dataset_sha256,
        },
        columns=dict(ratings.dtypes),
    )
