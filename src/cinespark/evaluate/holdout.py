"""What candidates that learn from training rows say about the test rows."""

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from cinespark.errors import CineSparkError
from cinespark.score.predictions import with_predictions
from cinespark.score.rules import WITH_RULES, rules_for_lists
from cinespark.score.top_n import top_n
from cinespark.spark_tables import table_of
from cinespark.train.collect import factors_of, preferences_of
from cinespark.train.declarations import Blend, Declared, Parameters, RankerInput
from cinespark.train.everyone import learnt_predictors
from cinespark.train.memory import measured
from cinespark.train.predictors import PREDICTORS
from cinespark.train.rankers import RANKERS, fit_ranker
from cinespark.train.sample import learning_share
from cinespark.train.training_sums import (
    predictor_training_sums,
    ranker_training_sums,
)

PREDICTIONS_SCHEMA = (
    "model string, split string, user_id int, movie_id int, rating double, "
    "predicted_rating double, is_cold boolean, fit_seconds double, peak_bytes bigint, "
    "learnt_ratings bigint, training_sha256 string"
)
RANKINGS_SCHEMA = (
    "model string, user_id int, rank int, movie_id int, score double, source string, "
    "fit_seconds double, peak_bytes bigint, learnt_ratings bigint, "
    "training_sha256 string"
)
COSTS_SCHEMA = (
    "model string, fit_seconds double, peak_bytes bigint, learnt_ratings bigint, "
    "training_sha256 string"
)


def candidates(
    evaluate: str, published: str, registry: Mapping[str, Declared]
) -> list[str]:
    """Return which models are evaluated: none, the published one and the baseline, all.

    Raises
    ------
    CineSparkError
        If `evaluate` is neither none, published nor all.
    """
    if evaluate not in ("none", "published", "all"):
        raise CineSparkError(
            f"the var `evaluate` is {evaluate}: it takes none, published or all"
        )
    if evaluate == "none":
        return []
    return [
        name
        for name, model in registry.items()
        if model.is_judged
        and (evaluate == "all" or model.is_baseline or name == published)
    ]


def holdout_predictions(
    split: DataFrame,
    users: DataFrame,
    movies: DataFrame,
    published: str,
    evaluate: str,
    parameters: Parameters,
    scale: tuple[float, float],
) -> DataFrame:
    """Return what predictors say of test rows they have not seen.

    All candidates on the random split; the published one and the baseline also on the
    global cut, where users and movies are new.

    Parameters
    ----------
    split, users, movies
        `int_ratings_split`, `dim_users`, `dim_movies`.
    published, evaluate
        The vars `predictor` and `evaluate`.

    Returns
    -------
    DataFrame
        PREDICTIONS_SCHEMA; what a fit took is on each of its rows.
    """
    session = split.sparkSession
    names = candidates(evaluate, published, PREDICTORS)
    few = candidates("published", published, PREDICTORS) if names else []
    sums = predictor_training_sums(names, parameters, scale, split, users, movies)
    parts = [session.createDataFrame([], PREDICTIONS_SCHEMA)]
    for cut, fitted in (("random", names), ("global", few)):
        train = split.where(f"{cut}_split = 'train'")
        test = split.where(f"{cut}_split = 'test'")
        if not fitted or train.isEmpty() or test.isEmpty():
            continue
        models, costs = {}, []
        for name, model, cost in learnt_predictors(
            fitted, train, users, movies, parameters, scale
        ):
            models[name] = model
            learnt = int(model.movies.rating_counts.sum())
            costs.append((name, cost.seconds, cost.peak_bytes, learnt, sums[name]))
        asked = test.select("user_id", "movie_id", "rating")
        predicted = with_predictions(asked, models).withColumn("split", F.lit(cut))
        parts.append(with_costs(predicted, costs))
    columns = [field.split()[0] for field in PREDICTIONS_SCHEMA.split(", ")]
    return reduce(DataFrame.unionByName, (part.select(*columns) for part in parts))


def with_costs(rows: DataFrame, costs: Sequence[tuple[object, ...]]) -> DataFrame:
    """Return rows with what each model's training took and how many ratings it had."""
    table = table_of(rows.sparkSession, costs, COSTS_SCHEMA)
    return rows.join(F.broadcast(table), "model")


def holdout_rankings(
    preferences: DataFrame,
    histories: DataFrame,
    factors: DataFrame,
    movies: DataFrame,
    blend: Blend,
    published: str,
    evaluate: str,
    parameters: Parameters,
    cut_offs: Sequence[int],
    content: DataFrame,
    rules: DataFrame,
    settings: Mapping[str, Any],
) -> DataFrame:
    """Return the lists that rankers give to test users, as long as the last cut-off.

    Parameters
    ----------
    preferences, histories, factors, movies
        `int_preferences`, `int_user_histories`, `item_factors`, `dim_movies`.
    blend, published, evaluate, cut_offs
        What validation chose, and the vars `ranker`, `evaluate`, `ranking_cut_offs`.
    content
        `movie_content`, which has nothing of who rated what.
    rules, settings
        As `rules_for_lists` takes them; the published ranker's lists by them are those
        of WITH_RULES.

    Returns
    -------
    DataFrame
        RANKINGS_SCHEMA; what a fit took is on each of its rows.
    """
    names = candidates(evaluate, published, RANKERS)
    test = preferences.where("subset = 'test' and is_like").select("user_id").distinct()
    rows = preferences.where("subset = 'train'")
    share = learning_share(rows, parameters["learning"]["ratings"])
    train = preferences_of(rows, movies, share)
    if not names or not len(train.stars):
        return preferences.sparkSession.createDataFrame([], RANKINGS_SCHEMA)
    learnt = factors_of(factors.where("subset = 'train'"))
    total = rows.count() if share < 1 else len(train.stars)
    sums = ranker_training_sums(names, parameters, blend, preferences, factors, content)
    rankers, costs = {}, []
    for name in names:
        with measured() as cost:
            given = RankerInput(train, learnt, blend, parameters, rows, content)
            rankers[name] = fit_ranker(name, given)
        if RANKERS[name].needs_factors and len(learnt):  # nobody may like anything
            cost.seconds += float(learnt["fit_seconds"].iloc[0])
            cost.peak_bytes = max(cost.peak_bytes, int(learnt["peak_bytes"].iloc[0]))
        learned = len(train.stars) if RANKERS[name].is_sampled else total
        costs.append((name, cost.seconds, cost.peak_bytes, learned, sums[name]))
    asked = histories.where("subset = 'train'").join(test, "user_id")
    ruled = rules_for_lists(rules, rows, train.catalogue, content, settings)
    if ruled:
        rankers[WITH_RULES] = rankers[published]
        costs += [(WITH_RULES, *one[1:]) for one in costs if one[0] == published]
    lists = top_n(rankers, asked, max(cut_offs), rules={WITH_RULES: ruled})
    return with_costs(lists, costs)
