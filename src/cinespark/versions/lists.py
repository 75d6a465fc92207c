"""Read users' recommendations from the current version."""

from datetime import datetime
from pathlib import Path
from typing import TypedDict

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from cinespark.errors import CineSparkError
from cinespark.versions.open_files import version_file
from cinespark.versions.versions import reading_current

LISTS = "recommendations.parquet"


class Recommendation(TypedDict):
    """A row of a published list; `score` orders one user's list and is no rating.

    `predicted_rating` is None where all there is are events.
    """

    user_id: int | str
    rank: int
    movie_id: int | str
    title: str
    release_year: int | None
    genres: str
    score: float
    predicted_rating: float | None
    source: str
    model_version: str
    generated_at: datetime


def first_user(exports: Path) -> str:
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
        return str(file.metadata.row_group(0).column(0).statistics.min)


def recommendations_of(exports: Path, user_id: str, n: int) -> list[Recommendation]:
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
        wanted = id_of(user_id, file.schema_arrow.field("user_id").type)
        groups = [
            group
            for group in range(file.num_row_groups)
            if _may_hold(file.metadata.row_group(group), wanted)
        ]
        rows = file.read_row_groups(groups)
        users = file.read(columns=["user_id"])["user_id"]
    times = rows["generated_at"].cast(pa.timestamp("us"))  # a zone would import pandas
    index = rows.schema.get_field_index("generated_at")
    rows = rows.set_column(index, "generated_at", times)
    # the file is in order of user and rank
    rows = rows.filter(pc.equal(rows["user_id"], wanted))
    if rows.num_rows == 0:
        raise no_list(user_id, users, version)
    found: list[Recommendation] = rows.slice(0, n).to_pylist()
    return found


def id_of(user_id: str, kind: pa.DataType) -> pa.Scalar:
    """Return a user's id as a version has it.

    Raises
    ------
    CineSparkError
        If it is none of this type.
    """
    if not pa.types.is_integer(kind):
        return pa.scalar(user_id, kind)
    try:
        return pa.scalar(int(user_id), kind)
    except (ValueError, pa.ArrowInvalid, OverflowError) as error:
        most = 2 ** (kind.bit_width - 1) - 1
        raise CineSparkError(
            f"there is no user {user_id}: ids are whole numbers of up to {most}; give "
            "one with --user, or leave it out for the first"
        ) from error


def no_list(user_id: str, users: pa.ChunkedArray, version: str) -> CineSparkError:
    """Return the error of a user without a list, which names one who has it."""
    ids = users.unique().sort()
    if pa.types.is_integer(ids.type):
        numbers = np.from_dlpack(ids).astype(np.int64)
        close = numbers[abs(numbers - int(user_id)).argmin()]
    else:
        place = pc.sum(pc.less(ids, user_id)).as_py()
        close = ids[min(place, len(ids) - 1)]
    return CineSparkError(
        f"user {user_id} has no recommendations in version {version}: it has "
        f"{len(ids):,} users, with ids from {ids[0]} to {ids[-1]}; try --user {close}"
    )


def _may_hold(group: pq.RowGroupMetaData, user_id: pa.Scalar) -> bool:
    """Return whether this user is in the range of a row group."""
    users = group.column(0).statistics
    return bool(users.min <= user_id.as_py() <= users.max)
