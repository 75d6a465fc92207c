"""Log models under a run of MLflow, and register the published one."""

import json
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from cinespark.names import MODEL
from cinespark.versions.keys import dictionary_file, dictionary_in, id_type_of
from cinespark.vocabulary import Vocabulary

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import LoggedModel, Metric, Run
    from mlflow.models import Model

PINNED = ["mlflow", "numpy", "pandas", "scipy"]


def log_model(
    client: "MlflowClient",
    run_id: str,
    name: str,
    save: Callable[[str, "Model"], None],
) -> "LoggedModel":
    """Log a model with the parameters, metrics and data set of its run; return it.

    Parameters
    ----------
    save
        Called with the folder to make and the description to save in it, as
        `save_model` of a flavour is.
    """
    from mlflow.entities import LoggedModelOutput
    from mlflow.models import Model

    run = client.get_run(run_id)
    logged = client.create_logged_model(
        run.info.experiment_id, name, source_run_id=run_id, params=run.data.params
    )
    description = Model(
        artifact_path=name,  # MLflow's own is absolute, and none is needed to load
        run_id=run_id,
        model_uuid=logged.model_id,
        model_id=logged.model_id,
    )
    try:
        with tempfile.TemporaryDirectory() as folder:
            saved = Path(folder, "model")
            save(str(saved), description)
            client.log_model_artifacts(logged.model_id, str(saved))
    except BaseException:
        client.finalize_logged_model(logged.model_id, "FAILED")
        raise
    client.log_batch(run_id, metrics=metrics_of_model(run, logged.model_id))
    client.log_outputs(run_id, [LoggedModelOutput(logged.model_id, step=0)])
    client.finalize_logged_model(logged.model_id, "READY")
    return logged


def metrics_of_model(run: "Run", model_id: str) -> list["Metric"]:
    """Return the metrics of a run as metrics of the model that it made.

    They carry the time that `log_values` gave them, so that none is recorded twice.
    """
    from mlflow.entities import Metric

    assert run.inputs is not None  # `run` logs the data set first
    (data,) = run.inputs.dataset_inputs
    return [
        Metric(
            name,
            value,
            run.info.start_time,
            0,
            model_id=model_id,
            dataset_name=data.dataset.name,
            dataset_digest=data.dataset.digest,
            run_id=run.info.run_id,
        )
        for name, value in run.data.metrics.items()
    ]


def register(
    client: "MlflowClient",
    run_id: str,
    version: Path,
    tags: Mapping[str, str],
    words: Vocabulary,
) -> str:
    """Log a version's predictor as a pyfunc model, register it, return its number.

    Parameters
    ----------
    run_id
        The run of the published predictor and ranker.
    version
        The folder of the version, with `predictor.npz`.
    tags, words
        Of the registered version, and of the data.
    """
    import mlflow.pyfunc
    import pandas as pd
    from mlflow.models import ModelSignature
    from mlflow.types.schema import ColSpec, Schema

    dictionary = dictionary_in(version)
    files = [version / dictionary_file(entity) for entity in dictionary]
    is_text = id_type_of(dictionary) == "string"
    kind, example = ("string", "1") if is_text else ("long", 1)
    pairs = Schema([ColSpec(kind, "user_id"), ColSpec(kind, "movie_id")])

    def save(path: str, description: "Model") -> None:
        with tempfile.TemporaryDirectory() as folder:
            for file in (version / "predictor.npz", *files):
                shutil.copy(file, folder)
            mlflow.pyfunc.save_model(
                path,
                mlflow_model=description,
                loader_module="cinespark.track.pyfunc",
                data_path=folder,
                code_paths=[str(Path(__file__).parents[1])],
                signature=ModelSignature(pairs, Schema([ColSpec("double")])),
                input_example=pd.DataFrame(
                    {"user_id": [example], "movie_id": [example]}
                ),
                pip_requirements=requirements(
                    [*PINNED, *(["pyarrow"] if files else [])]
                ),
            )

    logged = log_model(client, run_id, "recommender", save)
    if not client.search_registered_models(f"name = '{MODEL}'"):
        what = f"Predicted {words.stars} of (user_id, movie_id) pairs."
        client.create_registered_model(MODEL, description=what)
    registered = client.create_model_version(
        MODEL, logged.artifact_location, run_id, dict(tags), model_id=logged.model_id
    )
    version_number = str(registered.version)
    # the page of the logged model finds its versions by this tag
    versions = json.dumps([{"name": MODEL, "version": version_number}])
    client.set_logged_model_tags(logged.model_id, {"mlflow.modelVersions": versions})
    return version_number


def requirements(packages: Sequence[str]) -> list[str]:
    """Return the packages, each pinned to the version that is installed."""
    return [f"{package}=={metadata.version(package)}" for package in packages]
