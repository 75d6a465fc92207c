"""What published lists have shown to whom, and until when."""

from collections.abc import Sequence
from datetime import datetime
from functools import reduce
from itertools import pairwise
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
    entries = [one for one in history(exports) if not one.damaged_files]
    times = [now, *(datetime.fromisoformat(str(one.published_at)) for one in entries)]
    # a version that was rolled back to is shown until now, whichever came after it
    return [
        (one.version, now if one.is_current else next_one)
        for one, (next_one, _) in zip(entries, pairwise(times), strict=True)
    ]
