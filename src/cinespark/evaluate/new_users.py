"""Simulated new users: models learn from the others, and are shown a few ratings."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from cinespark.algorithms.new_users import (
    judged_lists,
    judged_rankers,
    judged_ratings,
    shown_of,
)
from cinespark.algorithms.predictor_model import PredictorModel
from cinespark.algorithms.preferences import Preferences, preferences_from
from cinespark.algorithms.ranker_model import RankerModel
from cinespark.algorithms.ratings import Ids, ratings_from
from cinespark.algorithms.segments import (
    ATTRIBUTES,
    SegmentPopularity,
    segment_likes,
    segment_popularity,
)
from cinespark.train.als import AlsParams
from cinespark.train.collect import collecting, learnt_factors
from cinespark.train.declarations import (
    Blend,
    Declared,
    Parameters,
    PredictorInput,
    RankerInput,
    declared,
)
from cinespark.train.predictors import PREDICTORS, fit_predictor
from cinespark.train.rankers import RANKERS, fit_ranker
from cinespark.train.sample import learning_share, sample_of

K = 10
ROW_BYTES = 120
NEW_USERS_SCHEMA = (
    "role string, model string, uses_demographics boolean, shown_ratings string, "
    "is_retrained boolean, user_id int, ndcg double, squared_error double, "
    "rating_count bigint"
)
LEARNT_SCHEMA = "user_id int, movie_id int, rating double, weight double"
COLUMNS = [field.split()[0] for field in NEW_USERS_SCHEMA.split(", ")]


@dataclass(frozen=True)
class Simulation:
    """What is simulated.

    Parameters
    ----------
    ranker, predictor
        What publishes; a predictor that is not judged leaves the errors out.
    blend
        Settings that validation chose.
    parameters
        Of rankers and predictors, by group.
    item_factors
        How MLlib learns the movies for rankers that need it.
    scale
        Lowest and highest rating.
    shrinkage
        The var `segment_shrinkage`.
    shown
        How many ratings users are shown with; once more with all.
    users
        At most so many are asked, drawn by chance.
    """

    ranker: str
    predictor: str
    blend: Blend
    parameters: Parameters
    item_factors: AlsParams
    scale: tuple[float, float]
    shrinkage: float
    shown: Sequence[int]
    users: int


def simulated_new_users(
    rows: DataFrame, users: DataFrame, movies: DataFrame, given: Simulation
) -> DataFrame:
    """Return how good each model is for users of whom only some ratings are shown.

    The users are in folds; for those of a fold models learn from the other folds.

    Parameters
    ----------
    rows
        `int_new_user_ratings`; of a sample of the users if there are more ratings than
        are learnt from.
    users, movies
        `int_users` and `int_movies`.

    Returns
    -------
    DataFrame
        NEW_USERS_SCHEMA; `ndcg` of a ranker, the others of a predictor.
    """
    session = rows.sparkSession
    share = learning_share(rows, given.parameters["learning"]["ratings"])
    table = sample_of(rows, share)
    people = users.select("user_id", *ATTRIBUTES).toPandas()
    films = movies.select("movie_id", "genres", "release_year").toPandas()
    with collecting(table, ROW_BYTES, "ratings of new users"):
        frame = table.toPandas()
        asked = drawn(frame.loc[frame["is_target"], "user_id"], given.users)
        parts = [
            part
            for fold in np.unique(frame["fold"])
            for part in judged_fold(
                frame, table, int(fold), asked, people, films, given
            )
        ]
    if not parts:
        return session.createDataFrame([], NEW_USERS_SCHEMA)
    judged = pd.concat(parts).reindex(columns=COLUMNS)
    judged = judged.astype({"rating_count": "Int64"})  # whole, and null for rankers
    return session.createDataFrame(judged, NEW_USERS_SCHEMA)


def drawn(user_ids: "pd.Series[int]", most: int) -> Ids:
    """Return at most so many of the ids that are there, drawn by chance."""
    return np.random.default_rng(0).permutation(np.unique(user_ids))[:most]


def judged_fold(
    frame: pd.DataFrame,
    table: DataFrame,
    fold: int,
    asked: Ids,
    people: pd.DataFrame,
    films: pd.DataFrame,
    given: Simulation,
) -> Iterator[pd.DataFrame]:
    """Yield what models that learnt from the other folds say of the users of one.

    Parameters
    ----------
    frame, table
        The same rows, in Python and in Spark.
    asked
        Users of any fold.
    people, films
        Rows of `int_users` and `int_movies`.
    """
    is_here = frame["fold"] == fold
    learners = frame[~is_here]
    rows = frame[is_here & frame["user_id"].isin(asked)]
    if learners.empty or rows.empty:
        return
    others = table.where(F.col("fold") != fold)
    shown = [*given.shown, None]
    learnt, ranker, popular = learnt_rankers(learners, others, films, given)
    rankers = judged_rankers(
        ranker,
        given.ranker,
        popular,
        baseline_of(RANKERS),
        by_segment_of(
            learners, rows, people, learnt.catalogue, learnt.like_counts, given
        ),
    )
    yield from judged_lists(rankers, rows, learnt.catalogue, shown, K)
    yield from judged_retraining(learners, others, rows, films, given)
    if declared(PREDICTORS, given.predictor, "predictor").is_judged:
        yield from judged_errors(frame, others, fold, rows, people, films, given)


def learnt_rankers(
    learners: pd.DataFrame, table: DataFrame, films: pd.DataFrame, given: Simulation
) -> tuple[Preferences, RankerModel, RankerModel]:
    """Return what is learnt from, the ranker that publishes, and popularity.

    Parameters
    ----------
    learners, table
        The same rows, in Python and in Spark.
    """
    learnt = preferences_from(learners, films["movie_id"].to_numpy())
    factors = pd.DataFrame({"entity": [], "entity_id": [], "factors": []})
    if declared(RANKERS, given.ranker, "ranker").needs_factors:
        weighed = table.select("user_id", "movie_id", F.col("weight").alias("rating"))
        factors = learnt_factors(weighed, given.item_factors, "item_factors")
    inputs = RankerInput(learnt, factors, given.blend, given.parameters, table)
    ranker, popular = (
        fit_ranker(name, inputs) for name in (given.ranker, baseline_of(RANKERS))
    )
    return learnt, ranker, popular


def judged_retraining(
    learners: pd.DataFrame,
    others: DataFrame,
    rows: pd.DataFrame,
    films: pd.DataFrame,
    given: Simulation,
) -> Iterator[pd.DataFrame]:
    """Yield the quality of the same users' lists, had all that is shown been learnt.

    Parameters
    ----------
    learners, others
        Rows of the other folds, in Python and in Spark.
    rows
        Of the users asked: what comes before the target is learnt from as if there were
        no target.
    """
    before = shown_of(rows, None)
    before = before.assign(
        newer_count=before["newer_before"],
        rating_count=before["count_before"],
        weight=before["weight_before"],
    )
    columns = [field.split()[0] for field in LEARNT_SCHEMA.split(", ")]
    added = others.sparkSession.createDataFrame(before[columns], LEARNT_SCHEMA)
    learnt, ranker, popular = learnt_rankers(
        pd.concat([learners, before]),
        others.select(*columns).unionByName(added),
        films,
        given,
    )
    rankers = {(given.ranker, False): (ranker, [popular])}
    for part in judged_lists(rankers, rows, learnt.catalogue, [None], K):
        yield part.assign(is_retrained=True)


def baseline_of(registry: Mapping[str, Declared]) -> str:
    """Return the name of the model that the others are compared with."""
    return next(name for name, model in registry.items() if model.is_baseline)


def by_segment_of(
    learners: pd.DataFrame,
    rows: pd.DataFrame,
    people: pd.DataFrame,
    catalogue: Ids,
    like_counts: Ids,
    given: Simulation,
) -> SegmentPopularity | None:
    """Return popularity by segment for those asked, None if of none is known which."""
    asked = people[people["user_id"].isin(rows["user_id"])]
    if asked[list(ATTRIBUTES)].isna().all(axis=None):
        return None
    counts = segment_likes(learners[learners["is_like"]], people)
    return segment_popularity(counts, asked, catalogue, like_counts, given.shrinkage)


def judged_errors(
    frame: pd.DataFrame,
    others: DataFrame,
    fold: int,
    rows: pd.DataFrame,
    people: pd.DataFrame,
    films: pd.DataFrame,
    given: Simulation,
) -> Iterator[pd.DataFrame]:
    """Yield what predictors say of the targets: the baseline, and what publishes.

    That once more without demographics, if it uses them and they are known.
    """
    rated = pd.DataFrame({"movie_id": frame["movie_id"].unique()})
    known = ratings_from(frame, people, films.merge(rated, how="outer"))
    is_learner = (frame["fold"] != fold).to_numpy()
    learners = np.searchsorted(
        known.user_ids, frame.loc[is_learner, "user_id"].unique()
    )
    ratings = known.of_users(np.sort(learners))
    inputs = PredictorInput(ratings, given.parameters, given.scale, others.sparkSession)
    plain = replace(
        inputs, ratings=replace(ratings, user_features=ratings.user_features[:, :0])
    )
    baseline, published = baseline_of(PREDICTORS), given.predictor
    models: dict[tuple[str, bool], PredictorModel] = {
        (name, False): fit_predictor(name, plain) for name in {baseline, published}
    }
    if PREDICTORS[published].uses_demographics and known.user_features.any():
        models[published, True] = fit_predictor(published, inputs)
    yield from judged_ratings(models, known, rows, [*given.shown, None])
