"""Read users' recommendations from the current version."""

from datetime import datetime
from pathlib import Path
from typing import TypedDict

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from cinespark.errors import CineSparkError
from cinespark.names import INT32_MAX
from cinespark.versions.open_files import version_file
from cinespark.versions.versions import reading_current

LISTS = "recommendations.parquet"


class Recommendation(TypedDict):
    """A row of a published list; `score` orders one user's list and is no rating."""

    user_id: int
    rank: int
    movie_id: int
    title: str
    release_year: int | None
    genres: str
    score: float
    predicted_rating: float
    source: str
    model_version: str
    generated_at: datetime


def first_user(exports: Path) -> int:
    """Return the lowest user id of the current version.

    Raises
    ------
    CineSparkError
        If nothing is published.
    """
    # the file is in order of user, and never empty
    with (
        reading_current(exports) as version,
        version_file(exports, version, LISTS) as path,
        pq.ParquetFile(path) as file,
    ):
        return int(file.metadata.row_group(0).column(0).statistics.min)


def check_user(user_id: int) -> int:
    """Return the id if it fits into 32 bits.

    Raises
    ------
    CineSparkError
        If it does not.
    """
    if not -INT32_MAX <= user_id <= INT32_MAX:
        raise CineSparkError(
            f"there is no user {user_id}: ids go up to {INT32_MAX}; give one with "
            "--user, or leave it out for the first"
        )
    return user_id


def recommendations_of(exports: Path, user_id: int, n: int) -> list[Recommendation]:
    """Return the first `n` recommendations of a user in the current version.

    Raises
    ------
    CineSparkError
        If nothing is published, or the user has no recommendations.
    """
    with (
        reading_current(exports) as version,
        version_file(exports, version, LISTS) as path,
        pq.ParquetFile(path) as file,
    ):
        groups = [
            group
            for group in range(file.num_row_groups)
            if _may_hold(file.metadata.row_group(group), user_id)
        ]
        rows = file.read_row_groups(groups)
        users = file.read(columns=["user_id"])
    times = rows["generated_at"].cast(pa.timestamp("us"))  # a zone would import pandas
    index = rows.schema.get_field_index("generated_at")
    rows = rows.set_column(index, "generated_at", times)
    # the file is in order of user and rank
    start, end = np.searchsorted(_numbers(rows, "user_id"), [user_id, user_id + 1])
    if start == end:
        ids = np.unique(_numbers(users, "user_id"))
        raise CineSparkError(
            f"user {user_id} has no recommendations in version {version}: it has "
            f"{len(ids):,} users, with ids from {ids.min()} to {ids.max()}; "
            f"try --user {ids[abs(ids - user_id).argmin()]}"
        )
    found: list[Recommendation] = rows.slice(start, min(n, end - start)).to_pylist()
    return found


def _may_hold(group: pq.RowGroupMetaData, user_id: int) -> bool:
    """Return whether this user is in the range of a row group."""
    users = group.column(0).statistics
    return bool(users.min <= user_id <= users.max)


def _numbers(rows: pa.Table, column: str) -> NDArray[np.int64]:
    """Return a column of integers; pyarrow's to_numpy would import pandas (0.7 s)."""
    numbers = np.from_dlpack(rows[column].combine_chunks())
    return numbers.astype(np.int64)
