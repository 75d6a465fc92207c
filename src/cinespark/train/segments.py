"""What is popular in each segment, counted by Spark for users who like nothing yet."""

from functools import reduce

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from cinespark.algorithms.preferences import Preferences
from cinespark.algorithms.segments import (
    ATTRIBUTES,
    SegmentPopularity,
    segment_popularity,
)
from cinespark.train.collect import collected

PERSON_BYTES = 250  # an id and three words
COUNT_BYTES = 200


def segments_for_new_users(
    preferences: DataFrame, users: DataFrame, learnt: Preferences, shrinkage: float
) -> SegmentPopularity | None:
    """Return popularity by segment for who likes nothing yet, None if that is nobody.

    Likes are counted only if there is somebody for whom they are needed.

    Parameters
    ----------
    preferences
        Rows of `int_preferences` of one subset.
    users
        `int_users`: nobody counts of whom neither gender nor age nor occupation is
        known.
    learnt
        The catalogue and everyone's likes.
    shrinkage
        The var `segment_shrinkage`.
    """
    is_known = F.coalesce(*ATTRIBUTES).isNotNull()
    known = users.where(is_known).select("user_id", *ATTRIBUTES)
    likers = preferences.where("preference > 0").select("user_id")
    new = known.join(likers, "user_id", "left_anti")
    people = collected(new, PERSON_BYTES, "new users")
    if people.empty:
        return None
    likes = preferences.where("is_like").select("user_id", "movie_id")
    rows = likes.join(known, "user_id")
    counts = reduce(
        DataFrame.unionByName,
        (
            rows.where(F.col(attribute).isNotNull())
            .groupBy(F.col(attribute).alias("value"), "movie_id")
            .agg(F.count("*").alias("likes"))
            .withColumn("attribute", F.lit(attribute))
            for attribute in ATTRIBUTES
        ),
    )
    return segment_popularity(
        collected(counts, COUNT_BYTES, "movies by segment"),
        people,
        learnt.catalogue,
        learnt.like_counts,
        shrinkage,
    )
