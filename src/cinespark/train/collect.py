"""Tables of Spark in Python, where memory will do."""

from collections.abc import Iterator
from contextlib import contextmanager

import pandas as pd
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from cinespark.algorithms.preferences import Preferences, preferences_from
from cinespark.algorithms.ratings import Ratings, ratings_from
from cinespark.spark_tables import most_rows
from cinespark.train.als import AlsParams, train_factors
from cinespark.train.memory import LITTLE, reserved
from cinespark.train.sample import sample_of
from dbt.adapters.sparksession.limits import free_memory

COPIES = 3  # rows as they arrive, as a frame, and what is made of it
RATING_BYTES = 32
PREFERENCE_BYTES = 64
LIST_BYTES = 400  # a place of a list, with its words and its reason
WIDEST = 64  # factors of a vector in a table
RELATED_BYTES = 2000  # what a predictor may know of a user or movie besides
LESS_SPARK = (
    "use a machine with more memory, or give Spark less of it: `spark.driver.memory` "
    "in the profile's spark_config"
)
SHORTER_LISTS = "set the var `top_n` lower"


def collected_bytes(rows: int, row_bytes: float) -> float:
    """Return about how many bytes rows take at most while they come to Python."""
    return COPIES * rows * row_bytes


@contextmanager
def collecting(
    rows: DataFrame,
    row_bytes: float,
    what: str,
    remedy: str = LESS_SPARK,
    most: int | None = None,
) -> Iterator[None]:
    """Hold the memory that the rows of a table take in Python.

    Rows are counted only where the table might be large.

    Parameters
    ----------
    row_bytes
        Of one row, as a frame.
    most
        How many rows there are at most, where that is known.

    Raises
    ------
    CineSparkError
        If there is not so much, with the remedy.
    """
    count = most_rows(rows) if most is None else most
    if collected_bytes(count, row_bytes) > LITTLE * free_memory():
        count = rows.count()
    needed = collected_bytes(count, row_bytes)
    with reserved(needed, f"reading {count:,} {what}", remedy):
        yield


def collected(
    rows: DataFrame,
    row_bytes: float,
    what: str,
    remedy: str = LESS_SPARK,
    most: int | None = None,
) -> pd.DataFrame:
    """Return a table as a frame of pandas, if memory will do, as `collecting` says."""
    with collecting(rows, row_bytes, what, remedy, most):
        return rows.toPandas()


def factor_bytes(rank: int) -> int:
    """Return how many bytes a vector takes as a row of a frame."""
    return 120 + 8 * rank


def learnt_factors(
    ratings: DataFrame, params: AlsParams, group: str, most: int | None = None
) -> pd.DataFrame:
    """Return what `train_factors` learns, as a frame.

    Parameters
    ----------
    group
        Whose parameters they are: the var `<group>_rank` sets the rank.
    most
        How many users and movies there are together, where that is known.
    """
    return collected(
        train_factors(ratings, params, group),
        factor_bytes(params.rank),
        "vectors",
        f"set the var `{group}_rank` below {params.rank}",
        most,
    )


def factors_of(factors: DataFrame) -> pd.DataFrame:
    """Return rows of `item_factors`."""
    remedy = "set the var `item_factors_rank` lower"
    return collected(factors, factor_bytes(WIDEST), "vectors", remedy)


def predictor_rows(predictor: DataFrame) -> pd.DataFrame:
    """Return the rows of the table `predictor`."""
    size = factor_bytes(WIDEST) + RELATED_BYTES
    return collected(predictor, size, "rows of the predictor")


def lists_of(lists: DataFrame) -> pd.DataFrame:
    """Return the rows of a table of lists."""
    return collected(lists, LIST_BYTES, "places of lists", SHORTER_LISTS)


def ratings_of(rows: DataFrame, users: DataFrame, movies: DataFrame) -> Ratings:
    """Return a table's ratings as arrays.

    Parameters
    ----------
    rows
        `user_id`, `movie_id`, `rating`.
    users, movies
        `dim_users` and `dim_movies`.
    """
    rows = rows.select("user_id", "movie_id", "rating")
    people = users.select("user_id", "gender", "occupation", "age_band").toPandas()
    films = movies.select("movie_id", "genres", "release_year").toPandas()
    with collecting(rows, RATING_BYTES, "ratings"):
        return ratings_from(rows.toPandas(), people, films)


def preferences_of(rows: DataFrame, movies: DataFrame, share: float) -> Preferences:
    """Return a subset of `int_preferences` as arrays.

    Parameters
    ----------
    rows
        Rows of one subset.
    movies
        `dim_movies`: the catalogue, whether rated in this subset or not; ratings of
        other movies are left out.
    share
        Of the users, as `learning_share` gives it: those of a sample if it is below 1.
        Likes are counted over all rows.
    """
    rows = rows.drop("subset")
    catalogue = movies.select("movie_id").toPandas()["movie_id"].to_numpy()
    likes = None
    if share < 1:
        counted = rows.groupBy("movie_id").agg(
            F.count_if("is_like").alias("likes"), F.count("*").alias("ratings")
        )
        likes = counted.toPandas().set_index("movie_id")
    sample = sample_of(rows, share)
    with collecting(sample, PREFERENCE_BYTES, "preferences"):
        return preferences_from(sample.toPandas(), catalogue, likes)
