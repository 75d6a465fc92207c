"""What candidates that learn from training rows say about the test rows."""

from collections.abc import Mapping, Sequence

import pandas as pd
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from cinespark.algorithms.predict import predict_ratings
from cinespark.algorithms.ratings import Ratings
from cinespark.errors import CineSparkError
from cinespark.score.top_n import top_n
from cinespark.train.collect import factors_of, preferences_of, ratings_of
from cinespark.train.declarations import (
    Blend,
    Declared,
    Parameters,
    PredictorInput,
    RankerInput,
)
from cinespark.train.memory import measured
from cinespark.train.predictors import PREDICTORS, fit_predictor
from cinespark.train.rankers import RANKERS, fit_ranker
from cinespark.train.training_sums import (
    predictor_training_sha256,
    ranker_training_sha256,
)

PREDICTIONS_SCHEMA = (
    "model string, split string, user_id int, movie_id int, rating double, "
    "predicted_rating double, is_cold boolean, fit_seconds double, peak_bytes bigint, "
    "training_sha256 string"
)
RANKINGS_SCHEMA = (
    "model string, user_id int, rank int, movie_id int, score double, source string, "
    "fit_seconds double, peak_bytes bigint, training_sha256 string"
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
        if evaluate == "all" or model.is_baseline or name == published
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
    sums = {
        name: predictor_training_sha256(name, parameters, scale, split, users, movies)
        for name in names
    }
    parts = []
    for cut, fitted in (("random", names), ("global", few)):
        train = ratings_of(split.where(f"{cut}_split = 'train'"), users, movies)
        test = ratings_of(split.where(f"{cut}_split = 'test'"), users, movies)
        if not len(test.stars):
            continue
        for name in fitted:
            given = PredictorInput(train, parameters, scale, session)
            rows = predictions_by(name, given, test)
            parts.append(rows.assign(split=cut, training_sha256=sums[name]))
    if not parts:
        return session.createDataFrame([], PREDICTIONS_SCHEMA)
    columns = [field.split()[0] for field in PREDICTIONS_SCHEMA.split(", ")]
    return session.createDataFrame(pd.concat(parts)[columns], PREDICTIONS_SCHEMA)


def predictions_by(name: str, given: PredictorInput, test: Ratings) -> pd.DataFrame:
    """Fit a predictor and return one row per test rating, with what the fit took."""
    with measured() as cost:
        model = fit_predictor(name, given)
    user_ids = test.user_ids[test.users]
    movie_ids = test.movie_ids[test.movies]
    stars, is_cold = predict_ratings(model, user_ids, movie_ids)
    return pd.DataFrame(
        {
            "model": name,
            "user_id": user_ids,
            "movie_id": movie_ids,
            "rating": test.stars,
            "predicted_rating": stars,
            "is_cold": is_cold,
            "fit_seconds": cost.seconds,
            "peak_bytes": cost.peak_bytes,
        }
    )


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
) -> DataFrame:
    """Return the lists that rankers give to test users, as long as the last cut-off.

    Parameters
    ----------
    preferences, histories, factors, movies
        `int_preferences`, `int_user_histories`, `item_factors`, `dim_movies`.
    blend
        Settings that validation chose.
    published, evaluate
        The vars `ranker` and `evaluate`.
    cut_offs
        The var `ranking_cut_offs`.

    Returns
    -------
    DataFrame
        RANKINGS_SCHEMA; what a fit took is on each of its rows.
    """
    session = preferences.sparkSession
    names = candidates(evaluate, published, RANKERS)
    test = preferences.where("subset = 'test' and is_like").select("user_id").distinct()
    train = preferences_of(preferences.where("subset = 'train'"), movies)
    if not names or not len(train.stars):
        return session.createDataFrame([], RANKINGS_SCHEMA)
    learnt = factors_of(factors.where("subset = 'train'"))
    rankers, parts = {}, []
    for name in names:
        with measured() as cost:
            given = RankerInput(train, learnt, blend, parameters, session)
            rankers[name] = fit_ranker(name, given)
        if RANKERS[name].needs_factors and len(learnt):  # nobody may like anything
            cost.seconds += float(learnt["fit_seconds"].iloc[0])
            cost.peak_bytes = max(cost.peak_bytes, int(learnt["peak_bytes"].iloc[0]))
        total = ranker_training_sha256(name, parameters, blend, preferences, factors)
        parts.append((name, cost.seconds, cost.peak_bytes, total))
    costs = session.createDataFrame(
        pd.DataFrame(
            parts, columns=["model", "fit_seconds", "peak_bytes", "training_sha256"]
        )
    )
    asked = histories.where("subset = 'train'").join(test, "user_id")
    return top_n(rankers, asked, max(cut_offs)).join(F.broadcast(costs), "model")
