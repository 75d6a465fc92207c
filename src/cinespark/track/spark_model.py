"""Log the learnt factors as a model of MLlib under a run of MLflow."""

from pathlib import Path

import mlflow.spark
from mlflow import MlflowClient
from mlflow.models import Model, ModelSignature
from mlflow.types.schema import ColSpec, Schema
from pyspark.sql import DataFrame

from cinespark.track.logged_models import log_model, requirements
from cinespark.train.als import als_model


def log_spark_model(
    client: MlflowClient,
    run_id: str,
    name: str,
    factors: DataFrame,
    temporary: Path,
) -> None:
    """Log a table of factors as a model of MLlib, which `mlflow.spark` loads."""
    pairs = Schema([ColSpec("integer", "user_id"), ColSpec("integer", "movie_id")])
    stars = Schema([ColSpec("float", "prediction")])

    def save(path: str, description: Model) -> None:
        mlflow.spark.save_model(
            als_model(factors),
            path,
            mlflow_model=description,
            dfs_tmpdir=f"file://{temporary}",  # Hadoop decodes nothing
            signature=ModelSignature(pairs, stars),
            pip_requirements=requirements(["mlflow", "numpy", "pyspark"]),
        )

    log_model(client, run_id, name, save)
