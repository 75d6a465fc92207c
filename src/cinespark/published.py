"""What is published: versions, the current one, and what is in it."""

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from cinespark.data.sample_params import INT32_MAX
from cinespark.errors import CineSparkError

MANIFEST = "manifest.json"


def current_version(exports: Path) -> str | None:
    """Return the name of the current version, None where nothing is published."""
    line = exports / "current"
    return line.read_text().strip() if line.is_file() else None


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
    """Return the names of all versions, oldest first."""
    return sorted(
        folder.name
        for folder in exports.glob("[!.]*")
        if folder.is_dir() and (folder / MANIFEST).is_file()
    )


def read_manifest(exports: Path, version: str) -> dict[str, Any]:
    """Return a version's manifest.

    Raises
    ------
    CineSparkError
        If the version has none, or one that cannot be read.
    """
    file = exports / version / MANIFEST
    if not file.is_file():
        raise CineSparkError(
            f"{exports / 'current'} names {version}, but there is no {file}: "
            "publish again with `dbt build`"
        )
    try:
        content: dict[str, Any] = json.loads(file.read_text())
    except ValueError as error:
        raise CineSparkError(
            f"{file} is damaged ({error}): publish again with `dbt build`"
        ) from error
    return content


def damaged_files(exports: Path, version: str) -> list[str]:
    """Return which files of a version are missing or not what its manifest says."""
    folder = exports / version
    return [
        file["path"]
        for file in read_manifest(exports, version)["files"]
        if sha256_of(folder / file["path"]) != file["sha256"]
    ]


def sha256_of(file: Path) -> str | None:
    """Return a file's SHA-256 sum, None where there is no file."""
    if not file.is_file():
        return None
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def history(exports: Path) -> list[dict[str, Any]]:
    """Return a line a version, newest first.

    Returns
    -------
    list
        `version`, `is_current`, `is_whole` (every file is there in its size) and, from
        the manifest, `published_at`, `dataset`, `users`, `rows`, `metrics` (by name),
        `warnings` (checks that warned) and `reason`.
    """
    current = require_current(exports)
    return [
        summary(exports, version) | {"is_current": version == current}
        for version in reversed(versions(exports))
    ]


def summary(exports: Path, version: str) -> dict[str, Any]:
    """Return what `history` says of one version."""
    try:
        manifest = read_manifest(exports, version)
    except CineSparkError as error:
        return {"version": version, "is_whole": False, "reason": str(error)}
    sizes = {
        exports / version / file["path"]: file["bytes"] for file in manifest["files"]
    }
    is_whole = all(
        path.is_file() and path.stat().st_size == size for path, size in sizes.items()
    )
    about = manifest.get("about")
    if about is None:
        reason = "published before versions said why"
        return {"version": version, "is_whole": is_whole, "reason": reason}
    return {
        "version": version,
        "is_whole": is_whole,
        "published_at": manifest["published_at"],
        "dataset": about["dataset"]["name"],
        "users": about["counts"]["users"],
        "rows": about["counts"]["recommendations"],
        "metrics": about["metrics"],
        "warnings": [
            check["column"] for check in about["checks"] if not check["success"]
        ],
        "reason": manifest["reason"],
    }


def first_user(exports: Path) -> int:
    """Return the lowest user id of the current version.

    Raises
    ------
    CineSparkError
        If nothing is published.
    """
    version = require_current(exports)
    read_manifest(exports, version)
    file = pq.ParquetFile(exports / version / "recommendations.parquet")
    # the file is in order of user, and never empty
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
    version = require_current(exports)
    read_manifest(exports, version)
    file = pq.ParquetFile(exports / version / "recommendations.parquet")
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


def _may_hold(group: pq.RowGroupMetaData, user_id: int) -> bool:
    """Return whether a row group's range of users includes this one."""
    users = group.column(0).statistics
    return bool(users.min <= user_id <= users.max)


def _numbers(rows: pa.Table, column: str) -> NDArray[np.int64]:
    """Return a column of integers; pyarrow's own to_numpy imports pandas (0.7 s)."""
    numbers = np.from_dlpack(rows[column].combine_chunks())
    return numbers.astype(np.int64)
