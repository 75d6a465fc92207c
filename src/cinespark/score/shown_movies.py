"""What published lists have shown to whom, and until when."""

from collections.abc import Sequence
from datetime import datetime
from functools import reduce
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from cinespark.versions.history import history
from cinespark.versions.lists import LISTS
from cinespark.versions.versions import current_version


def shown_movies(
    session: SparkSession, exports: Path, id_type: str, now: datetime
) -> DataFrame:
    """Return one row per user and movie of the versions that are still there.

    With `last_shown_at`, when the last version that lists it was replaced, or now.

    Parameters
    ----------
    id_type
        The var `id_type`.
    """
    schema = f"user_id {id_type}, movie_id {id_type}, last_shown_at timestamp"
    parts = [
        session.read.parquet(str(exports / version / LISTS)).select(
            F.col("user_id").cast(id_type),
            F.col("movie_id").cast(id_type),
            F.lit(until).alias("last_shown_at"),
        )
        for version, until in shown_until(exports, now)
    ]
    rows = reduce(DataFrame.unionByName, parts, session.createDataFrame([], schema))
    return rows.groupBy("user_id", "movie_id").agg(
        F.max("last_shown_at").alias("last_shown_at")
    )


def shown_until(exports: Path, now: datetime) -> Sequence[tuple[str, datetime]]:
    """Return each whole version, and when the next one took its place, or now."""
    if current_version(exports) is None:
        return []
    found, replaced_at = [], now
    for one in history(exports):  # newest first
        if one.published_at is None:  # its manifest is lost
            continue
        if not one.damaged_files:
            # what was rolled back to is shown until now, whichever came after it
            found.append((one.version, now if one.is_current else replaced_at))
        replaced_at = datetime.fromisoformat(one.published_at)
    return found
