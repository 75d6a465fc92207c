"""Which users are learnt from, where all ratings are more than learning needs."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from cinespark.errors import CineSparkError
from cinespark.spark_tables import most_rows

PLACES = 2**30


def learning_share(rows: DataFrame, most: int) -> float:
    """Return the share of the users whose ratings are about `most`, 1 for all.

    Parameters
    ----------
    rows
        One row per rating, with `user_id`.
    most
        The var `learning_ratings`.

    Raises
    ------
    CineSparkError
        If `most` is not above 0, or too few for anybody's ratings.
    """
    if most <= 0:
        raise CineSparkError(
            f"the var `learning_ratings` is {most}: how many ratings are learnt from "
            "at most; set it above 0"
        )
    # counted only where there might be more
    count = 0 if most_rows(rows) <= most else rows.count()
    if count <= most:
        return 1.0
    share = most / count
    if sample_of(rows, share).isEmpty():
        raise CineSparkError(
            f"the var `learning_ratings` is {most}, of {count:,} ratings: that is less "
            "than one user's, so nobody is learnt from; set it higher"
        )
    return share


def sample_of(rows: DataFrame, share: float) -> DataFrame:
    """Return the rows of the users in a sample, all if the share is 1."""
    return rows if share == 1 else rows.where(in_sample(share))


def in_sample(share: float) -> Column:
    """Return whether a row's user is in a sample, by a hash of the id."""
    place = F.pmod(F.xxhash64("user_id", F.lit("learning")), F.lit(PLACES))
    return place < share * PLACES
