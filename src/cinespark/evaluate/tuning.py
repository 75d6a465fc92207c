"""A search for better parameters, judged on the validation rows alone.

By Optuna's tree-structured Parzen estimator: Akiba et al. 2019, "Optuna: a
next-generation hyperparameter optimization framework".
"""

import copy
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import optuna
import pandas as pd
from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest
from mlflow import MlflowClient
from mlflow.utils.mlflow_tags import MLFLOW_PARENT_RUN_ID
from optuna.exceptions import StorageInternalError
from pyspark.sql import SparkSession
from sqlalchemy.exc import SQLAlchemyError

from cinespark.algorithms.predict import predict_ratings
from cinespark.errors import CineSparkError
from cinespark.track.client import EXPERIMENT
from cinespark.train.als import AlsParams
from cinespark.train.blend_search import mean_ndcg, validation_blocks
from cinespark.train.collect import (
    PREFERENCE_BYTES,
    collected,
    learnt_factors,
    preferences_of,
    ratings_of,
)
from cinespark.train.declarations import Knob, PredictorInput, RankerInput
from cinespark.train.predictors import PREDICTORS, fit_predictor
from cinespark.train.rankers import RANKERS, chosen_blend, fit_ranker
from cinespark.train.sample import learning_share, sample_of

STORAGE = "tuning.db"
K = 10
Groups = dict[str, dict[str, Any]]  # parameters that a search changes


def tunable() -> dict[str, tuple[Knob, ...]]:
    """Return the knobs of each model that has any; a predictor goes before a ranker."""
    models = {**RANKERS, **PREDICTORS}
    return {name: model.knobs for name, model in models.items() if model.knobs}


@dataclass(frozen=True)
class Proposal:
    """What a search found: the figure now and at best, and the vars that give it."""

    metric: str
    now: float
    best: float
    changes: Mapping[str, tuple[float, float]]
    trials: int


def tune(
    model: str,
    trials: int,
    session: SparkSession,
    root: Path,
    client: MlflowClient,
    storage: Path,
    on_trial: Callable[[int, float], None],
    variables: Mapping[str, object] = MappingProxyType({}),
) -> Proposal:
    """Try parameters of a model, the present ones first, and propose the best.

    Each trial is a run in MLflow under that of the search. Trials of an earlier search
    of the same model on the same data count: an interrupted one goes on.

    Parameters
    ----------
    model
        A predictor, or a ranker, that has knobs.
    trials
        How many there are to be in the end.
    session
        With the tables of a build as its current schema.
    root
        The project, whose vars are the present parameters.
    storage
        File of Optuna's trials.
    on_trial
        Is given the number of trials there are, and the best figure.
    variables
        That the data set is built with, before those of the project.
    """
    parameters = present_parameters(root, variables)
    judge = judge_of(model, session, parameters)
    landed = session.table("stg_movielens__manifest").limit(1).collect()[0]
    name = f"{model} on {landed.dataset} {landed.dataset_sha256[:12]}"
    study = open_study(storage, name, model in PREDICTORS)
    knobs = tunable()[model]
    now = {knob.var: parameters[knob.group][knob.name] for knob in knobs}
    if not any(is_done(trial) and trial.params == now for trial in study.trials):
        study.enqueue_trial(now)
    parent = study.user_attrs.get("run_id") or start_run(client, study.study_name)
    study.set_user_attr("run_id", parent)

    def objective(trial: optuna.Trial) -> float:
        return judged(trial, model, parameters, judge, client, parent)

    done = sum(map(is_done, study.trials))
    with running(client, parent):
        while done < trials:
            study.optimize(objective, n_trials=1)
            done = sum(map(is_done, study.trials))
            on_trial(done, study.best_value)
        client.log_metric(parent, metric_of(model), study.best_value)
    return proposal(study, model, now)


def open_study(storage: Path, name: str, is_error: bool) -> optuna.Study:
    """Return the study of a name, with its trials, or a new one.

    Raises
    ------
    CineSparkError
        If the file of trials cannot be used.
    """
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    try:
        return optuna.create_study(
            storage=f"sqlite:///{storage}",
            study_name=name,
            sampler=optuna.samplers.TPESampler(seed=0),
            direction="minimize" if is_error else "maximize",
            load_if_exists=True,
        )
    except (SQLAlchemyError, StorageInternalError) as error:
        words = getattr(error, "orig", None) or error
        raise CineSparkError(
            f"{storage} cannot be read ({words}): move it away, and the search begins "
            "anew"
        ) from error


def proposal(study: optuna.Study, model: str, now: Mapping[str, float]) -> Proposal:
    """Return what a search found, next to the present values of the vars."""
    done = [trial for trial in study.trials if is_done(trial)]
    present = next(trial.value for trial in done if trial.params == now)
    changes = {
        var: (now[var], value)
        for var, value in study.best_params.items()
        if value != now[var]
    }
    return Proposal(
        metric_of(model), float(present or 0), study.best_value, changes, len(done)
    )


def judged(
    trial: optuna.Trial,
    model: str,
    parameters: Groups,
    judge: Callable[[Groups], float],
    client: MlflowClient,
    parent: str,
) -> float:
    """Return a trial's metric; it is a run in MLflow under that of the search."""
    tried = copy.deepcopy(parameters)
    for knob in tunable()[model]:
        tried[knob.group][knob.name] = suggested(knob, trial)
    run_id = start_run(client, f"trial {trial.number}", parent)
    with running(client, run_id):
        for name, value in trial.params.items():
            client.log_param(run_id, name, value)
        metric = judge(tried)
        client.log_metric(run_id, metric_of(model), metric)
    return metric


def is_done(trial: optuna.trial.FrozenTrial) -> bool:
    """Return whether a trial came to its figure."""
    return trial.state == optuna.trial.TrialState.COMPLETE


def metric_of(model: str) -> str:
    """Return what is measured on the validation rows."""
    return "validation_rmse" if model in PREDICTORS else f"validation_ndcg_{K}"


def start_run(client: MlflowClient, name: str, parent: str | None = None) -> str:
    """Start a run and return its id."""
    experiment = client.get_experiment_by_name(EXPERIMENT)
    assert experiment is not None  # open_tracking made it
    tags = {MLFLOW_PARENT_RUN_ID: parent} if parent else {}
    run = client.create_run(experiment.experiment_id, tags=tags, run_name=name)
    return str(run.info.run_id)


@contextmanager
def running(client: MlflowClient, run_id: str) -> Iterator[None]:
    """Mark a run as running, and then as finished, killed by Ctrl-C, or failed."""
    client.update_run(run_id, status="RUNNING")
    status = "FAILED"
    try:
        yield
        status = "FINISHED"
    except KeyboardInterrupt:
        status = "KILLED"
        raise
    finally:
        client.set_terminated(run_id, status)


def suggested(knob: Knob, trial: optuna.Trial) -> float:
    """Return the value that a trial is to try for a knob."""
    if isinstance(knob.low, int):
        return trial.suggest_int(knob.var, knob.low, int(knob.high))
    return trial.suggest_float(knob.var, knob.low, knob.high, log=True)


def present_parameters(root: Path, variables: Mapping[str, object]) -> Groups:
    """Return the parameters that the project's vars and these give, by group."""
    words = ["--quiet", "parse", "--project-dir", str(root)]
    words += ["--vars", json.dumps(dict(variables))]
    done = dbtRunner().invoke([*words, "--target-path", str(root / "target" / "tune")])
    if not done.success or not isinstance(done.result, Manifest):
        raise CineSparkError(f"the project does not parse: {done.exception}")
    predictor, factors, ranker = (
        done.result.nodes[f"model.cinespark.{name}"].config.meta
        for name in ("predictor", "item_factors", "blend_validation")
    )
    scale = {name: predictor[name] for name in ("rating_min", "rating_max")}
    groups = {**predictor["parameters"], **ranker["parameters"]}
    groups |= {"item_factors": factors, "scale": scale}
    return {name: dict(values) for name, values in groups.items()}


def judge_of(
    model: str, session: SparkSession, parameters: Groups
) -> Callable[[Groups], float]:
    """Return a function from parameters to the metric on the validation rows."""
    judge = predictor_judge if model in PREDICTORS else ranker_judge
    return judge(model, session, parameters)


def predictor_judge(
    model: str, session: SparkSession, parameters: Groups
) -> Callable[[Groups], float]:
    """Return a function from parameters to a predictor's RMSE."""
    users, movies = session.table("int_users"), session.table("int_movies")
    split = session.table("int_ratings_split").where("random_split = 'train'")
    split = sample_of(split, learning_share(split, parameters["learning"]["ratings"]))
    train = ratings_of(split.where("not is_random_validation"), users, movies)
    hidden = ratings_of(split.where("is_random_validation"), users, movies)
    if not len(train.stars) or not len(hidden.stars):
        raise CineSparkError("no validation rows to tune on: land more ratings")
    pairs = hidden.user_ids[hidden.users], hidden.movie_ids[hidden.movies]
    scale = parameters["scale"]["rating_min"], parameters["scale"]["rating_max"]

    def error(tried: Groups) -> float:
        fitted = fit_predictor(model, PredictorInput(train, tried, scale, session))
        stars, _ = predict_ratings(fitted, *pairs)
        return float(np.sqrt(np.mean((stars - hidden.stars) ** 2)))

    return error


def ranker_judge(
    model: str, session: SparkSession, parameters: Groups
) -> Callable[[Groups], float]:
    """Return a function from parameters to a ranker's NDCG@10, settings as chosen."""
    preferences = session.table("int_preferences")
    rows = preferences.where("subset = 'fit'")
    share = learning_share(rows, parameters["learning"]["ratings"])
    rows = sample_of(rows, share).cache()
    fitted = preferences_of(rows, session.table("int_movies"), share=1)
    hidden = preferences.where("subset = 'validation' and is_like")
    hidden = sample_of(hidden, share)
    likes = collected(hidden, PREFERENCE_BYTES, "hidden likes")
    blend = chosen_blend(session.table("blend_validation").toPandas())
    blocks = list(validation_blocks(fitted, likes, len(fitted.user_ids)))
    if not blocks:
        raise CineSparkError("no validation likes to tune on: land more ratings")
    weighted = rows.selectExpr("user_id", "movie_id", "weight as rating")

    def quality(tried: Groups) -> float:
        factors = pd.DataFrame()
        if RANKERS[model].needs_factors:
            params = AlsParams(**tried["item_factors"], implicit=True)
            most = len(fitted.user_ids) + len(fitted.catalogue)
            factors = learnt_factors(weighted, params, "item_factors", most)
        given = RankerInput(fitted, factors, blend, tried, rows)
        return mean_ndcg(fit_ranker(model, given), blocks, K)

    return quality
