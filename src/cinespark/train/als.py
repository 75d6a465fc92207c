"""Alternating least squares by Spark MLlib, with factors as tables."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import reduce
from typing import Any

from pyspark.ml.recommendation import ALS, ALSModel
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from cinespark.errors import CineSparkError
from cinespark.spark_tables import is_local, most_rows
from cinespark.train.memory import LITTLE, OF_SPARK, measured, reserved
from cinespark.train.sample import learning_share, sample_of

FACTORS_SCHEMA = "entity string, entity_id int, factors array<float>"
SUBSETS_SCHEMA = (
    f"subset string, {FACTORS_SCHEMA}, fit_seconds double, peak_bytes bigint"
)
LEARNT_SUBSETS = ("fit", "train", "all")
SIDES = ("user", "movie")
RATING_BYTES = 64  # of Spark's memory, for each rating


@dataclass(frozen=True)
class AlsParams:
    """Parameters of one training; the result depends on each of them."""

    rank: int
    iterations: int
    reg_param: float
    seed: int
    blocks: int
    alpha: float = 1.0
    implicit: bool = False

    def __post_init__(self) -> None:
        if self.reg_param <= 0:
            raise CineSparkError(
                f"ALS with a reg_param of {self.reg_param} has no unique solution: set "
                "the var item_factors_reg_param, implicit_als_reg_param, "
                "classic_als_reg_param or residual_als_reg_param above 0"
            )


def train_factors(
    ratings: DataFrame, params: AlsParams, group: str = "item_factors"
) -> DataFrame:
    """Return a vector per user and per movie, learnt from (user, movie, rating) rows.

    Explicit: Zhou et al. 2008, "Large-scale parallel collaborative filtering for the
    Netflix prize"; implicit: Hu, Koren and Volinsky 2008, "Collaborative filtering for
    implicit feedback datasets", where each row counts as one preference.

    Parameters
    ----------
    ratings
        `user_id` int, `movie_id` int, `rating`; without rows the result has none
        either. Implicit: a row of 0 says nothing and is left out, so that users and
        movies without a preference have no vector. To MLlib they would be equations
        without regularization, which may be singular.
    params
        `blocks` and `seed` fix the result together with the rows: the input is put in
        order first, because MLlib's sums follow it.
    group
        Whose parameters they are: the var `<group>_rank` sets the rank.

    Returns
    -------
    DataFrame
        `entity` 'user' or 'movie', `entity_id`, `factors` of length `rank`.

    Raises
    ------
    CineSparkError
        If Spark's memory will not do.
    """
    session = ratings.sparkSession
    value = F.col("rating").cast("float").alias("rating")
    rows = ratings.select("user_id", "movie_id", value)
    if params.implicit:
        rows = rows.where("rating > 0")
    if rows.isEmpty():
        return session.createDataFrame([], FACTORS_SCHEMA)
    ordered = rows.repartition(params.blocks, "user_id").sortWithinPartitions(
        "user_id", "movie_id"
    )
    with room_for_als(rows, params, group):
        model = estimator(params).fit(ordered)
    users, movies = (
        factors.select(
            F.lit(entity).alias("entity"),
            F.col("id").alias("entity_id"),
            F.col("features").alias("factors"),
        )
        for entity, factors in (
            ("user", model.userFactors),
            ("movie", model.itemFactors),
        )
    )
    return users.unionByName(movies)


def estimator(params: AlsParams) -> ALS:
    """Return MLlib's ALS with these parameters."""
    return ALS(
        userCol="user_id",
        itemCol="movie_id",
        ratingCol="rating",
        rank=params.rank,
        maxIter=params.iterations,
        regParam=params.reg_param,
        alpha=params.alpha,
        implicitPrefs=params.implicit,
        seed=params.seed,
        numUserBlocks=params.blocks,
        numItemBlocks=params.blocks,
        coldStartStrategy="drop",
    )


def als_bytes(ratings: int, entities: int, params: AlsParams) -> float:
    """Return about how much of Spark's memory MLlib's ALS takes at most, in bytes.

    Parameters
    ----------
    entities
        Users and movies together.
    """
    # each rating as a row, in a block of users and in a block of movies
    rows = RATING_BYTES * ratings
    # vectors of before and after half a round, and those sent to each block
    return rows + 4 * params.rank * entities * (2 + params.blocks)


@contextmanager
def room_for_als(rows: DataFrame, params: AlsParams, group: str) -> Iterator[None]:
    """Hold the part of Spark's memory that MLlib's ALS will take.

    On a cluster that is the memory of other machines, which nobody here knows.

    Raises
    ------
    CineSparkError
        If the JVM's heap is not large enough, next to others that learn.
    """
    session = rows.sparkSession
    if not is_local(session):
        yield
        return
    jvm: Any = session._jvm
    heap = int(jvm.Runtime.getRuntime().maxMemory())
    count = most_rows(rows)
    needed = als_bytes(count, 2 * count, params)
    if needed > LITTLE * heap:
        users, movies = (F.approx_count_distinct(f"{one}_id") for one in SIDES)
        count, *sides = rows.agg(F.count("*"), users, movies).collect()[0]
        needed = als_bytes(count, sum(sides), params)
    remedy = (
        f"set the var `{group}_rank` below {params.rank}, or give Spark more memory: "
        "`spark.driver.memory` in the profile's spark_config"
    )
    what = f"MLlib's ALS on {count:,} ratings"
    with reserved(needed, what, remedy, lambda: heap, OF_SPARK):
        yield


def factors_by_subset(
    preferences: DataFrame, params: AlsParams, most: int
) -> DataFrame:
    """Return one model per subset of the preferences that is learnt from.

    Parameters
    ----------
    preferences
        Rows of `int_preferences`; `weight` is what MLlib is given.
    most
        The var `learning_ratings`: above it, only those of a sample of the users are
        learnt from.

    Returns
    -------
    DataFrame
        SUBSETS_SCHEMA; what a fit took is on each of its rows.
    """
    session = preferences.sparkSession
    there = {row.subset for row in preferences.select("subset").distinct().collect()}

    def fit(subset: str) -> DataFrame:
        rows = preferences.where(F.col("subset") == subset)
        rows = sample_of(rows, learning_share(rows, most))
        with measured() as cost:
            factors = train_factors(
                rows.select("user_id", "movie_id", F.col("weight").alias("rating")),
                params,
            )
        return factors.select(
            F.lit(subset).alias("subset"),
            "*",
            F.lit(cost.seconds).alias("fit_seconds"),
            F.lit(cost.peak_bytes).cast("bigint").alias("peak_bytes"),
        )

    with ThreadPoolExecutor(len(LEARNT_SUBSETS)) as pool:
        models = list(pool.map(fit, [name for name in LEARNT_SUBSETS if name in there]))
    return reduce(
        DataFrame.unionByName, models, session.createDataFrame([], SUBSETS_SCHEMA)
    )


def als_model(factors: DataFrame) -> ALSModel:
    """Return MLlib's model of a table of factors, as `train_factors` gives it."""
    sides = [
        factors.where(F.col("entity") == entity).select(
            F.col("entity_id").alias("id"), F.col("factors").alias("features")
        )
        for entity in ("user", "movie")
    ]
    rank = factors.select(F.size("factors")).first()
    if rank is None:
        raise CineSparkError("a model without factors: train it on ratings first")
    # MLlib has no other way to make a model of factors that are there
    jvm: Any = factors.sparkSession._jvm
    constructor = jvm.org.apache.spark.ml.recommendation.ALSModel
    model = ALSModel(constructor("als", rank[0], *(side._jdf for side in sides)))
    model.setUserCol("user_id").setItemCol("movie_id").setPredictionCol("prediction")
    return model.setColdStartStrategy("drop").setBlockSize(4096)
