"""The runs of a build: one a model, with parameters, figures, pictures and lists."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import mlflow.spark
import pandas as pd
from mlflow import MlflowClient
from mlflow.models import Model, ModelSignature
from mlflow.types.schema import ColSpec, Schema
from pyspark.sql import DataFrame

from cinespark.als import als_model
from cinespark.pictures import (
    picture_of_errors,
    picture_of_popularity,
    picture_of_stars,
)
from cinespark.predict import arrays_sha256, predictor_arrays, ranker_arrays
from cinespark.tracking import Build, log_model, log_values, requirements, run

RUNS_SCHEMA = (
    "invocation_id string, model string, run_id string, parent_run_id string, "
    "model_version string, parameters map<string,string>, metrics map<string,double>, "
    "started_at timestamp"
)
PUBLISHED = "recommender"
SAMPLE_USERS = 5


@dataclass(frozen=True)
class Results:
    """Tables of a build that its runs are about."""

    accuracy: pd.DataFrame
    checks: pd.DataFrame
    lists: pd.DataFrame
    movies: pd.DataFrame
    stars: pd.DataFrame
    bias: pd.DataFrame
    implicit_als: pd.DataFrame
    classic_als: DataFrame


def track_build(
    client: MlflowClient,
    build: Build | None,
    parameters: Mapping[str, Mapping[str, Any]],
    results: Results,
    temporary: Path,
) -> list[tuple[Any, ...]]:
    """Log one run a model under the run of the build, and return them as rows.

    Parameters
    ----------
    parameters
        Of each model, by its name; what publishes is called PUBLISHED.
    build
        None where there is nothing to track.
    temporary
        Where MLlib may save a model on its way to the artifacts.

    Returns
    -------
    list
        One tuple a model, in the columns of RUNS_SCHEMA.
    """
    if build is None:
        return []
    metrics, versions = metrics_of(results), versions_of(results)
    rows = []
    with (
        ThreadPoolExecutor(1) as painter,  # draws while Spark writes its model
        TemporaryDirectory() as pictures,
        run(client, build, f"build of {build.dataset['name']}") as parent,
    ):
        drawn = painter.submit(draw, results, Path(pictures))
        log_values(client, parent, parameters[PUBLISHED], metrics[PUBLISHED])
        for name, values in parameters.items():
            with run(client, build, name, parent) as run_id:
                log_values(client, run_id, values, metrics[name])
                client.set_tag(run_id, "model_version", versions[name])
                if name == "classic_als":
                    log_spark_model(
                        client, run_id, name, results.classic_als, temporary
                    )
                if name == PUBLISHED:
                    drawn.result()
                    client.log_artifacts(run_id, pictures, "pictures")
                    client.log_text(run_id, sample(results.lists), "sample_lists.md")
            rows.append(
                (
                    build.invocation_id,
                    name,
                    run_id,
                    parent,
                    versions[name],
                    {key: str(value) for key, value in values.items()},
                    metrics[name],
                    build.started_at,
                )
            )
    return rows


def metrics_of(results: Results) -> dict[str, dict[str, float]]:
    """Return each model's figures: errors by segment, and figures of the lists."""
    by_model: dict[str, dict[str, float]] = {"implicit_als": {}}
    for row in results.accuracy.to_dict("records"):
        figures = by_model.setdefault(str(row["model"]), {})
        for name in ("rmse", "mae", "rating_count"):
            figures[f"{name}_{row['segment']}"] = float(row[name])
    observed = results.checks.dropna(subset="observed").set_index("column")["observed"]
    by_model[PUBLISHED] = by_model["classic_als"] | {
        str(name): float(value) for name, value in observed.items()
    }
    return by_model


def versions_of(results: Results) -> dict[str, str]:
    """Return the start of a sum over each model's arrays."""
    classic_als = results.classic_als.toPandas()
    arrays = {
        "bias": predictor_arrays(results.bias, classic_als.head(0), 0, 0),
        "classic_als": ranker_arrays(classic_als),
        "implicit_als": ranker_arrays(results.implicit_als),
    }
    versions = {name: arrays_sha256(group)[:12] for name, group in arrays.items()}
    return versions | {PUBLISHED: str(results.lists["model_version"].iloc[0])}


def log_spark_model(
    client: MlflowClient,
    run_id: str,
    name: str,
    factors: DataFrame,
    temporary: Path,
) -> None:
    """Log a table of factors as MLlib's model, which `mlflow.spark` loads."""
    pairs = Schema([ColSpec("integer", "user_id"), ColSpec("integer", "movie_id")])
    stars = Schema([ColSpec("float", "prediction")])

    def save(path: str, description: Model) -> None:
        mlflow.spark.save_model(
            als_model(factors),
            path,
            mlflow_model=description,
            dfs_tmpdir=temporary.as_uri(),
            signature=ModelSignature(pairs, stars),
            pip_requirements=requirements(["mlflow", "numpy", "pyspark"]),
        )

    log_model(client, run_id, name, save)


def draw(results: Results, folder: Path) -> None:
    """Write the pictures that a person looks at first, as PNG files."""
    for name, figure in {
        "errors": picture_of_errors(results.accuracy),
        "stars": picture_of_stars(results.stars, results.lists),
        "popularity": picture_of_popularity(results.movies, results.lists),
    }.items():
        figure.savefig(folder / f"{name}.png")


def sample(lists: pd.DataFrame) -> str:
    """Return the lists of a few users in Markdown, from the first to the last id."""
    users = sorted(lists["user_id"].unique())
    step = max(1, len(users) // SAMPLE_USERS)
    lines = []
    for user in users[::step][:SAMPLE_USERS]:
        lines += [f"## User {user}", "", "| rank | title | year | stars | source |"]
        lines += ["|---:|---|---:|---:|---|"]
        for row in lists[lists["user_id"] == user].sort_values("rank").itertuples():
            title = str(row.title).replace("|", "\\|")
            year = "" if pd.isna(row.release_year) else int(row.release_year)
            stars = f"{row.predicted_rating:.1f}"
            lines.append(f"| {row.rank} | {title} | {year} | {stars} | {row.source} |")
        lines.append("")
    return "\n".join(lines)
