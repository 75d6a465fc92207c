"""What is published: versions, the current one, and the lists in it."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from cinespark.data.sample_params import INT32_MAX
from cinespark.errors import CineSparkError

MANIFEST = "manifest.json"
VERSION = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}")  # time, start of the content's sum
FACTS_OF_A_FILE = {"path", "format", "rows", "bytes", "sha256"}

Manifest = dict[str, Any]


def current_version(exports: Path) -> str | None:
    """Return the name of the current version, None where nothing is published."""
    line = exports / "current"
    return (line.read_text().strip() or None) if line.is_file() else None


def require_current(exports: Path) -> str:
    """Return the name of the current version.

    Raises
    ------
    CineSparkError
        If nothing is published.
    """
    version = current_version(exports)
    if version is None:
        raise CineSparkError(
            f"nothing is published in {exports}: run `make run`, or `dbt build`"
        )
    return version


def versions(exports: Path) -> list[str]:
    """Return the names of all versions that are there, whole or not, oldest first."""
    return sorted(
        folder.name
        for folder in exports.glob("*-*")
        if VERSION.fullmatch(folder.name) and folder.is_dir()
    )


def read_manifest(exports: Path, version: str) -> Manifest:
    """Return a version's manifest.

    Raises
    ------
    CineSparkError
        If the version has none, or one that is damaged.
    """
    file = exports / version / MANIFEST
    manifest = _parsed(file)
    if manifest is None:
        state = "cannot be read" if file.exists() else "is not there"
        raise CineSparkError(
            f"version {version} is damaged, {file} {state}: publish again with "
            "`dbt build`, or go back with `cinespark rollback`"
        )
    return manifest


def _parsed(file: Path) -> Manifest | None:
    """Return what a manifest says, None where it is missing or damaged."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    is_sound = (
        isinstance(found, dict)
        and found.get("version") == file.parent.name
        and isinstance(found.get("content_sha256"), str)
        and isinstance(found.get("about", {}), dict)
        and isinstance(found.get("files"), list)
        and all(
            isinstance(line, dict) and line.keys() >= FACTS_OF_A_FILE
            for line in found["files"]
        )
    )
    return found if is_sound else None


def damaged_files(exports: Path, version: str, *, by_sum: bool = True) -> list[str]:
    """Return which files of a version are missing or not as they were published.

    Parameters
    ----------
    by_sum
        Whether SHA-256 sums are compared, or only sizes, which reads no file.
    """
    folder = exports / version
    manifest = _parsed(folder / MANIFEST)
    if manifest is None:
        return [MANIFEST]
    return [
        line["path"]
        for line in manifest["files"]
        if not (folder / line["path"]).is_file()
        or (folder / line["path"]).stat().st_size != line["bytes"]
        or (by_sum and sha256_of(folder / line["path"]) != line["sha256"])
    ]


def sha256_of(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def first_user(exports: Path) -> int:
    """Return the lowest user id of the current version.

    Raises
    ------
    CineSparkError
        If nothing is published.
    """
    # the file is in order of user, and never empty
    _, file = _current_lists(exports)
    return int(file.metadata.row_group(0).column(0).statistics.min)


def check_user(user_id: int) -> int:
    """Return the id if it can be one.

    Raises
    ------
    CineSparkError
        If it has more than 32 bits.
    """
    if not -INT32_MAX <= user_id <= INT32_MAX:
        raise CineSparkError(
            f"there is no user {user_id}: ids go up to {INT32_MAX}; give one with "
            "--user, or leave it out for the first"
        )
    return user_id


def recommendations_of(exports: Path, user_id: int, n: int) -> pa.Table:
    """Return the first `n` recommendations of a user in the current version.

    Raises
    ------
    CineSparkError
        If nothing is published, or the user has no recommendations.
    """
    version, file = _current_lists(exports)
    groups = [
        group
        for group in range(file.num_row_groups)
        if _may_hold(file.metadata.row_group(group), user_id)
    ]
    rows = file.read_row_groups(groups)
    times = rows["generated_at"].cast(pa.timestamp("us"))  # a zone would import pandas
    index = rows.schema.get_field_index("generated_at")
    rows = rows.set_column(index, "generated_at", times)
    # the file is in order of user and rank
    start, end = np.searchsorted(_numbers(rows, "user_id"), [user_id, user_id + 1])
    if start == end:
        ids = np.unique(_numbers(file.read(columns=["user_id"]), "user_id"))
        raise CineSparkError(
            f"user {user_id} has no recommendations in version {version}: it has "
            f"{len(ids):,} users, with ids from {ids.min()} to {ids.max()}; "
            f"try --user {ids[abs(ids - user_id).argmin()]}"
        )
    return rows.slice(start, min(n, end - start))


def _current_lists(exports: Path) -> tuple[str, pq.ParquetFile]:
    """Return the name of the current version and its lists, opened."""
    version = require_current(exports)
    read_manifest(exports, version)
    return version, pq.ParquetFile(exports / version / "recommendations.parquet")


def _may_hold(group: pq.RowGroupMetaData, user_id: int) -> bool:
    """Return whether a row group's range of users includes this one."""
    users = group.column(0).statistics
    return bool(users.min <= user_id <= users.max)


def _numbers(rows: pa.Table, column: str) -> NDArray[np.int64]:
    """Return a column of integers; pyarrow's own to_numpy imports pandas (0.7 s)."""
    numbers = np.from_dlpack(rows[column].combine_chunks())
    return numbers.astype(np.int64)
