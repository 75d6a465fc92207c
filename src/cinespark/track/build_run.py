"""Track a build in MLflow: one run per model, with its parameters and metrics."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
from mlflow import MlflowClient
from pyspark.sql import DataFrame

from cinespark.names import PUBLISHED
from cinespark.report.pictures import draw
from cinespark.score.rules import WITH_RULES
from cinespark.track.client import Build, log_values, run
from cinespark.track.prune import remove_artifacts, unused_artifacts
from cinespark.track.sample_lists import sample
from cinespark.track.spark_model import log_spark_model
from cinespark.train.predictors import PREDICTORS
from cinespark.train.rankers import RANKERS, chosen_blend
from cinespark.versions.manifest import NO_PREDICTOR
from cinespark.vocabulary import Vocabulary

RUNS_SCHEMA = (
    "invocation_id string, model string, run_id string, parent_run_id string, "
    "model_version string, parameters map<string,string>, metrics map<string,double>, "
    "started_at timestamp"
)
# what runs tell of lists, which are long
LISTED = (
    *("user_id", "rank", "movie_id", "title", "release_year"),
    *("predicted_rating", "source", "model_version"),
)

WITHOUT_STARS = (
    "Learnt from events without {stars}: there is no predictor, and what is judged is "
    "the order of the lists."
)

Parameters = Mapping[str, Mapping[str, Any]]
RunRow = tuple[
    str, str, str, str, str | None, dict[str, str], dict[str, float], datetime
]

RANKING_METRICS = (
    *("ndcg", "ndcg_low", "ndcg_high", "recall", "precision", "map", "hit_rate"),
    *("coverage", "gini", "novelty", "popularity", "diversity", "user_count"),
)


@dataclass(frozen=True)
class Results:
    """The tables of a build that its runs tell of, and which models publish.

    Of events the predictor is `none`, and `accuracy` and `stars` say nothing.
    """

    predictor: str
    ranker: str
    accuracy: pd.DataFrame
    ranking: pd.DataFrame
    leaderboard: pd.DataFrame
    blend: pd.DataFrame
    checks: pd.DataFrame
    lists: pd.DataFrame
    movies: pd.DataFrame
    genres: pd.DataFrame
    months: pd.DataFrame
    stars: pd.DataFrame
    item_factors: DataFrame
    words: Vocabulary


@dataclass(frozen=True)
class Tracked:
    """What a model's run holds; only the published pair has a version."""

    parameters: Mapping[str, object]
    metrics: Mapping[str, float]
    version: str | None = None


def track_build(
    client: MlflowClient,
    build: Build | None,
    parameters: Parameters,
    results: Results,
    temporary: Path,
) -> list[RunRow]:
    """Log one run per model under the run of the build, and return them as rows.

    Artifacts of builds that are neither recent nor published are removed.

    Parameters
    ----------
    parameters
        `predictors`, `rankers` and `item_factors`, by model; PUBLISHED, those that the
        published pair has besides.
    build
        None if there is nothing to track.
    temporary
        Where MLlib may save a model before it is copied to the artifacts.

    Returns
    -------
    list
        One row per model, in the columns of RUNS_SCHEMA.
    """
    if build is None:
        return []
    rows = []
    with (
        ThreadPoolExecutor(1) as painter,  # draws while Spark writes its model
        TemporaryDirectory() as pictures,
        run(client, build, f"build of {build.dataset['name']}") as parent,
    ):
        drawn = painter.submit(draw_pictures, results, Path(pictures))
        models = models_of(parameters, results)
        published = models[PUBLISHED]
        log_values(client, parent, published.parameters, published.metrics)
        if not results.words.has_stars:
            note = results.words.fill(WITHOUT_STARS)
            client.set_tag(parent, "mlflow.note.content", note)
        for name, model in models.items():
            with run(client, build, name, parent) as run_id:
                log_values(client, run_id, model.parameters, model.metrics)
                if model.version:
                    client.set_tag(run_id, "model_version", model.version)
                if name == PUBLISHED:
                    factors = results.item_factors
                    if not factors.isEmpty():  # nobody likes anything
                        log_spark_model(
                            client, run_id, "item_factors", factors, temporary
                        )
                    drawn.result()
                    client.log_artifacts(run_id, pictures, "pictures")
                    lists = sample(results.lists, results.words)
                    client.log_text(run_id, lists, "sample_lists.md")
            rows.append(row_of(build, name, run_id, parent, model))
    remove_artifacts(client, unused_artifacts(client))
    return rows


def draw_pictures(results: Results, folder: Path) -> list[Path]:
    """Write the main charts of a build as PNG files."""
    return draw(
        results.leaderboard,
        results.genres,
        results.months,
        results.stars,
        results.movies,
        results.lists,
        results.words,
        folder,
    )


def row_of(
    build: Build, name: str, run_id: str, parent_id: str, model: Tracked
) -> RunRow:
    """Return a model's run in the columns of RUNS_SCHEMA."""
    return (
        build.invocation_id,
        name,
        run_id,
        parent_id,
        model.version,
        {key: str(value) for key, value in model.parameters.items()},
        dict(model.metrics),
        build.started_at,
    )


def models_of(parameters: Parameters, results: Results) -> dict[str, Tracked]:
    """Return what to log of each model that was judged, and of the published pair."""
    models = predictors_of(parameters, results) | {
        f"ranker.{name}": Tracked(
            parameters_of_ranker(
                parameters,
                results.blend,
                results.ranker if name == WITH_RULES else name,
            ),
            metrics_of_ranker(results, name),
        )
        for name in evaluated(results.leaderboard, "ranker", results.ranker)
    }
    names = f"predictor.{results.predictor}", f"ranker.{results.ranker}"
    pair = [models[name] for name in names if name in models]
    values, metrics = dict(parameters[PUBLISHED]), dict[str, float]()
    for one in pair:
        values |= one.parameters
        metrics |= one.metrics
    observed = results.checks.dropna(subset="observed").set_index("column")["observed"]
    models[PUBLISHED] = Tracked(
        values,
        metrics | {str(name): float(value) for name, value in observed.items()},
        next(iter(results.lists["model_version"]), None),  # none of no list
    )
    return models


def predictors_of(parameters: Parameters, results: Results) -> dict[str, Tracked]:
    """Return what to log of each predictor: of none that predicts nothing."""
    names = evaluated(results.leaderboard, "predictor", results.predictor)
    return {
        f"predictor.{name}": Tracked(
            parameters_of_predictor(parameters, name),
            metrics_of_predictor(results, name),
        )
        for name in names
        if name != NO_PREDICTOR
    }


def evaluated(leaderboard: pd.DataFrame, role: str, published: str) -> list[str]:
    """Return the models of a role that were judged, and the published one."""
    names = leaderboard.loc[leaderboard["role"] == role, "model"]
    return sorted({*names, published})


def parameters_of_predictor(parameters: Parameters, name: str) -> dict[str, object]:
    """Return a predictor's own parameters by name, others as `group.name`."""
    return {
        key if group == name else f"{group}.{key}": value
        for group in PREDICTORS[name].parameters
        for key, value in parameters["predictors"][group].items()
    }


def parameters_of_ranker(
    parameters: Parameters, blend: pd.DataFrame, name: str
) -> dict[str, object]:
    """Return the parameters of a ranker's parts, and those that validation chose."""
    values = {
        f"{group}.{key}": value
        for group in RANKERS[name].parameters
        for key, value in {**parameters["rankers"], **parameters}[group].items()
    }
    if RANKERS[name].uses_blend:
        chosen = asdict(chosen_blend(blend))
        for place, one in enumerate(chosen.pop("transitions"), 1):
            chosen |= {f"transition_{place}_{k}": v for k, v in one.items()}
        values |= {f"blend.{k}": v for k, v in chosen.items()}
    return values


def metrics_of_predictor(results: Results, name: str) -> dict[str, float]:
    """Return a predictor's errors on all, warm and cold ratings, and its cost."""
    rows = results.accuracy[
        (results.accuracy["model"] == name)
        & results.accuracy["segment_kind"].isin(["all", "temperature"])
    ]
    figures = {
        f"{metric}_{row['segment']}": float(row[metric])
        for row in rows.to_dict("records")
        for metric in ("rmse", "rmse_low", "rmse_high", "mae", "rating_count")
    }
    return figures | cost_of(results.leaderboard, "predictor", name)


def metrics_of_ranker(results: Results, name: str) -> dict[str, float]:
    """Return the metrics of a ranker's lists over all users, and its cost."""
    rows = results.ranking[
        (results.ranking["model"] == name) & (results.ranking["segment_kind"] == "all")
    ]
    figures = {}
    for row in rows.to_dict("records"):
        for metric in RANKING_METRICS:
            if pd.notna(row[metric]):
                figures[f"{metric}_{row['k']}"] = float(row[metric])
    return figures | cost_of(results.leaderboard, "ranker", name)


def cost_of(leaderboard: pd.DataFrame, role: str, name: str) -> dict[str, float]:
    """Return the seconds and bytes that a model took to learn when it was judged."""
    is_model = (leaderboard["role"] == role) & (leaderboard["model"] == name)
    return {
        f"{role}_{column}": float(value)
        for column in ("fit_seconds", "peak_bytes")
        for value in leaderboard.loc[is_model, column]
    }
