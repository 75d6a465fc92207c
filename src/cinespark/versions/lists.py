"""Read users' recommendations from the current version."""

import re
from bisect import bisect_left, bisect_right
from datetime import datetime
from pathlib import Path
from typing import Any, NotRequired, TypedDict

import pyarrow as pa
import pyarrow.parquet as pq

from cinespark.errors import CineSparkError
from cinespark.names import PUBLISHED
from cinespark.versions.manifest import read_manifest
from cinespark.versions.open_files import version_file
from cinespark.versions.versions import reading_current

LISTS, MOVIES = "recommendations.parquet", "movies.parquet"


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
    reason: NotRequired[str]  # older versions have none of these five
    reason_movie_ids: NotRequired[list[int | str]]
    reason_contributions: NotRequired[list[float]]
    other_contributions: NotRequired[float | None]
    score_constant: NotRequired[float | None]
    rule_adjustment: NotRequired[float]  # nor these two
    rule_lines: NotRequired[list[int]]
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
    with reading_current(exports) as version:
        return list_of(exports, version, user_id)[:n]


def cut_short(exports: Path, length: int, n: int) -> str:
    """Return why a list of the current version is short, empty if no rule may be why.

    Parameters
    ----------
    length, n
        How many recommendations there are, and how many were asked for.

    Raises
    ------
    CineSparkError
        If nothing is published.
    """
    with reading_current(exports) as version:
        manifest = read_manifest(exports, version)
    parameters = manifest.about.parameters if manifest.about else {}
    rules = parameters.get(f"{PUBLISHED}.rules", "none")
    whole = min(n, int(parameters.get(f"{PUBLISHED}.top_n", n)))
    if rules == "none" or length >= whole:
        return ""
    return f"{length} of {whole}: the rules of {rules} leave no more"


def list_of(exports: Path, version: str, user_id: str) -> list[Recommendation]:
    """Return the recommendations of a user in a version that is being read.

    Raises
    ------
    CineSparkError
        If the user has none.
    """
    with (
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
    # the file is in order of user and rank, and pyarrow's own search imports pandas
    ids = rows["user_id"].to_pylist()
    start, end = bisect_left(ids, wanted), bisect_right(ids, wanted)
    if start == end:
        raise no_list(wanted, users.unique().to_pylist(), version)
    found: list[Recommendation] = rows.slice(start, end - start).to_pylist()
    return found


def titles_now(exports: Path, rows: list[Recommendation]) -> dict[int | str, str]:
    """Return the titles of the current version's movies, if rows name any."""
    if not any(row.get("reason_movie_ids") for row in rows):
        return {}
    with reading_current(exports) as version:
        return titles_of(exports, version)


def titles_of(exports: Path, version: str) -> dict[int | str, str]:
    """Return the titles of a version's movies, by their ids."""
    with version_file(exports, version, MOVIES) as path:
        rows = pq.read_table(path, columns=["movie_id", "title"])
    pairs = zip(*(rows[name].to_pylist() for name in rows.column_names), strict=True)
    return dict(pairs)


def id_of(user_id: str, kind: pa.DataType) -> int | str:
    """Return a user's id as a version has it.

    Raises
    ------
    CineSparkError
        If it is none of this type.
    """
    if not pa.types.is_integer(kind):
        return user_id
    most = 2 ** (kind.bit_width - 1) - 1
    if (
        not re.fullmatch(r"[+-]?\d{1,30}", user_id, re.ASCII)
        or abs(int(user_id)) > most
    ):
        raise CineSparkError(
            f"there is no user {user_id}: ids are whole numbers up to {most}; give one "
            "with --user, or leave it out for the first"
        )
    return int(user_id)


def no_list(wanted: int | str, ids: list[Any], version: str) -> CineSparkError:
    """Return the error of a user without a list, which names one who has it.

    Parameters
    ----------
    ids
        Of those who have a list, in order.
    """
    place = bisect_left(ids, wanted)
    close = ids[max(place - 1, 0) : place + 1]
    if isinstance(wanted, int):
        nearest = min(close, key=lambda one: abs(one - wanted))
    else:
        nearest = close[-1]
    return CineSparkError(
        f"user {wanted} has no recommendations in version {version}: it has "
        f"{len(ids):,} users, with ids from {ids[0]} to {ids[-1]}; try --user {nearest}"
    )


def _may_hold(group: pq.RowGroupMetaData, user_id: int | str) -> bool:
    """Return whether this user is in the range of a row group."""
    users = group.column(0).statistics
    return bool(users.min <= user_id <= users.max)
