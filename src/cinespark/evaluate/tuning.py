"""A search for better parameters, judged on the validation rows alone.

By Optuna's tree-structured Parzen estimator: Akiba et al. 2019, "Optuna: a
next-generation hyperparameter optimization framework".
"""

import copy
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import optuna
from dbt.cli.main import dbtRunner
from mlflow import MlflowClient
from mlflow.utils.mlflow_tags import MLFLOW_PARENT_RUN_ID
from pyspark.sql import SparkSession

from cinespark.algorithms.predict import predict_ratings
from cinespark.algorithms.preferences import preferences_of
from cinespark.algorithms.ratings import ratings_of
from cinespark.errors import CineSparkError
from cinespark.track.client import EXPERIMENT
from cinespark.train.als import AlsParams, train_factors
from cinespark.train.blend_search import ndcg_of, validation_blocks
from cinespark.train.predictors import PREDICTORS, fit_predictor
from cinespark.train.rankers import chosen_blend

STORAGE = "tuning.db"
RANKER = "blend"
Parameters = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Knob:
    """One parameter: the var that sets it, its place, and the range to look in."""

    var: str
    part: str
    name: str
    low: float
    high: float
    is_log: bool = True

    def suggest(self, trial: optuna.Trial) -> float:
        if isinstance(self.low, int):
            return trial.suggest_int(self.var, self.low, int(self.high))
        return trial.suggest_float(self.var, self.low, self.high, log=self.is_log)


KNOBS = {
    "bias": [
        Knob("bias_user_shrinkage", "bias", "user_shrinkage", 0.5, 50.0),
        Knob("bias_movie_shrinkage", "bias", "movie_shrinkage", 0.5, 50.0),
    ],
    "classic_als": [
        Knob("classic_als_rank", "classic_als", "rank", 4, 64),
        Knob("classic_als_reg_param", "classic_als", "reg_param", 0.02, 0.5),
    ],
    "residual_als": [
        Knob("residual_als_rank", "residual_als", "rank", 8, 80),
        Knob("residual_als_reg_param", "residual_als", "reg_param", 0.03, 0.5),
    ],
    "item_neighbourhood": [
        Knob("neighbourhood_shrinkage", "item_neighbourhood", "shrinkage", 3.0, 200.0),
        Knob("neighbourhood_neighbours", "item_neighbourhood", "neighbours", 10, 100),
        Knob("neighbourhood_ridge", "item_neighbourhood", "ridge", 0.05, 5.0),
    ],
    "linear_stack": [
        Knob("residual_als_reg_param", "residual_als", "reg_param", 0.03, 0.5),
        Knob("neighbourhood_shrinkage", "item_neighbourhood", "shrinkage", 3.0, 200.0),
        Knob("stack_ridge", "linear_stack", "ridge", 0.01, 100.0),
    ],
    "bayesian_mf": [
        Knob("bayesian_factors", "bayesian_mf", "factors", 6, 32),
        Knob("bayesian_link_ridge", "bayesian_mf", "link_ridge", 1.0, 100.0),
        Knob("bayesian_implicit_features", "bayesian_mf", "implicit_features", 0, 120),
    ],
    RANKER: [
        Knob("item_factors_rank", "item_factors", "rank", 16, 64),
        Knob("item_factors_reg_param", "item_factors", "reg_param", 0.01, 0.5),
        Knob("item_factors_alpha", "item_factors", "alpha", 0.5, 20.0),
        Knob("fold_in_background", "fold_in", "background", 0.01, 1.0),
        Knob("fold_in_regularization", "fold_in", "regularization", 0.01, 1.0),
        Knob("co_occurrence_half_life", "co_occurrence", "half_life", 2.0, 30.0),
        Knob("co_occurrence_shrinkage", "co_occurrence", "shrinkage", 1.0, 100.0),
    ],
}


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
) -> Proposal:
    """Try parameters of a model, the present ones first, and propose the best.

    Each trial is a run in MLflow under that of the search. Trials of an earlier search
    of the same model on the same data count: an interrupted one goes on.

    Parameters
    ----------
    model
        A predictor, or RANKER.
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
    """
    parameters = present_parameters(root)
    judge = judge_of(model, session, parameters)
    landed = session.table("stg_movielens__manifest").limit(1).collect()[0]
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(
        storage=f"sqlite:///{storage}",
        study_name=f"{model} on {landed.dataset} {landed.dataset_sha256[:12]}",
        sampler=optuna.samplers.TPESampler(seed=0),
        direction="maximize" if model == RANKER else "minimize",
        load_if_exists=True,
    )
    knobs = KNOBS[model]
    now = {knob.var: parameters[knob.part][knob.name] for knob in knobs}
    if not any(is_done(trial) and trial.params == now for trial in study.trials):
        study.enqueue_trial(now)
    parent = study.user_attrs.get("run_id") or start_run(client, study.study_name)
    study.set_user_attr("run_id", parent)

    def objective(trial: optuna.Trial) -> float:
        tried = copy.deepcopy(parameters)
        for knob in knobs:
            tried[knob.part][knob.name] = knob.suggest(trial)
        run_id = start_run(client, f"trial {trial.number}", parent)
        with running(client, run_id):
            for name, value in trial.params.items():
                client.log_param(run_id, name, value)
            figure = judge(tried)
            client.log_metric(run_id, metric_of(model), figure)
        return figure

    done = sum(map(is_done, study.trials))
    with running(client, parent):
        while done < trials:
            study.optimize(objective, n_trials=1)
            done = sum(map(is_done, study.trials))
            on_trial(done, study.best_value)
        client.log_metric(parent, metric_of(model), study.best_value)
    present = [t.value for t in study.trials if is_done(t) and t.params == now]
    changes = {
        var: (now[var], value)
        for var, value in study.best_params.items()
        if value != now[var]
    }
    return Proposal(
        metric_of(model), float(present[0] or 0), study.best_value, changes, done
    )


def is_done(trial: optuna.trial.FrozenTrial) -> bool:
    """Return whether a trial came to its figure."""
    return trial.state == optuna.trial.TrialState.COMPLETE


def metric_of(model: str) -> str:
    """Return what is measured on the validation rows."""
    return "validation_ndcg_10" if model == RANKER else "validation_rmse"


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


def present_parameters(root: Path) -> Parameters:
    """Return the parameters that the project's vars give, by part."""
    words = ["--quiet", "parse", "--project-dir", str(root)]
    done = dbtRunner().invoke([*words, "--target-path", str(root / "target" / "tune")])
    if not done.success:
        raise CineSparkError(f"the project does not parse: {done.exception}")
    nodes: Any = done.result
    meta = {
        name: nodes.nodes[f"model.cinespark.{name}"].config.meta
        for name in ("predictor", "item_factors", "blend_validation")
    }
    ranker = {
        name: dict(values)
        for name, values in meta["blend_validation"]["parameters"].items()
        if name in ("fold_in", "ease", "co_occurrence")
    }
    predictors = meta["predictor"]["parameters"]
    scale = {name: meta["predictor"][name] for name in ("rating_min", "rating_max")}
    about = {"item_factors": dict(meta["item_factors"]), "scale": scale}
    return {name: dict(values) for name, values in predictors.items()} | ranker | about


def judge_of(
    model: str, session: SparkSession, parameters: Parameters
) -> Callable[[Parameters], float]:
    """Return a function from parameters to the figure on the validation rows."""
    movies = session.table("dim_movies")
    if model in PREDICTORS:
        split = session.table("int_ratings_split").where("random_split = 'train'")
        users = session.table("dim_users")
        train = ratings_of(split.where("not is_random_validation"), users, movies)
        hidden = ratings_of(split.where("is_random_validation"), users, movies)
        if not len(train.stars) or not len(hidden.stars):
            raise CineSparkError("no validation rows to tune on: land more ratings")
        pairs = hidden.user_ids[hidden.users], hidden.movie_ids[hidden.movies]
        scale = parameters["scale"]["rating_min"], parameters["scale"]["rating_max"]

        def error(tried: Parameters) -> float:
            arrays = fit_predictor(model, train, tried, scale, session)
            stars, _ = predict_ratings(arrays, *pairs)
            return float(np.sqrt(np.mean((stars - hidden.stars) ** 2)))

        return error
    preferences = session.table("int_preferences")
    rows = preferences.where("side = 'fit'").cache()
    fitted = preferences_of(rows, movies)
    likes = preferences.where("side = 'validation' and is_like").toPandas()
    blend = chosen_blend(session.table("blend_validation").toPandas())
    blocks = list(validation_blocks(fitted, likes, len(fitted.user_ids)))
    if not blocks:
        raise CineSparkError("no validation likes to tune on: land more ratings")
    weighted = rows.selectExpr("user_id", "movie_id", "weight as rating")

    def quality(tried: Parameters) -> float:
        params = AlsParams(**tried["item_factors"], implicit=True)
        factors = train_factors(weighted, params).toPandas()
        ((_, figure),) = ndcg_of([blend], blocks, fitted, factors, tried, k=10)
        return float(figure)

    return quality
