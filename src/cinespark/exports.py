"""Published versions: a folder of files each, and one line that names the current."""

import hashlib
import json
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
from numpy.typing import NDArray

from cinespark.errors import CineSparkError
from cinespark.lock import locked

MANIFEST = "manifest.json"
FILES_SCHEMA = (
    "version string, path string, format string, "
    "row_count bigint, byte_count bigint, sha256 string"
)
NOT_CONTENT = ["generated_at"]  # differs between builds that recommend the same


def publish(recommendations: pa.Table, exports: Path) -> list[tuple[Any, ...]]:
    """Write the recommendations as a version, make it current and return its files.

    A version whose content is already the current one is left as it is. What is current
    is replaced last and in one step, so a crash at any moment leaves a whole version.

    Parameters
    ----------
    recommendations
        Rows of the table `recommendations`.
    exports
        Where the versions are, one folder each.

    Returns
    -------
    list
        One tuple a file, in the columns of FILES_SCHEMA; `path` is below `exports`.
    """
    table = recommendations.sort_by([("user_id", "ascending"), ("rank", "ascending")])
    with locked(exports, on_wait=lambda: None):
        current = current_version(exports)
        if table.num_rows == 0:  # a build on empty tables has nothing to say to people
            return files_of(exports, current)
        content = content_sha256(table)
        if current is None or not holds(exports, current, content):
            current = write_version(table, content, exports)
            point_current_at(exports, current)
        return files_of(exports, current)


def write_version(table: pa.Table, content: str, exports: Path) -> str:
    """Write a version's folder, whole or not at all, and return its name."""
    for leftover in (*exports.glob(".new-*"), *exports.glob(".current-*")):
        shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
    version = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{content[:8]}"
    new = exports / f".new-{version}"
    new.mkdir()
    pq.write_table(table, new / "recommendations.parquet", row_group_size=100_000)
    pa_csv.write_csv(table, new / "recommendations.csv")
    manifest = {
        "version": version,
        "content_sha256": content,
        "files": [describe(file, table.num_rows) for file in sorted(new.iterdir())],
    }
    write_synced(new / MANIFEST, json.dumps(manifest, indent=2) + "\n")
    new.rename(exports / version)
    return version


def holds(exports: Path, version: str, content: str) -> bool:
    """Return whether a version is whole and its rows have this sum."""
    folder = exports / version
    if not (folder / MANIFEST).is_file():
        return False
    manifest = read_manifest(exports, version)
    return manifest["content_sha256"] == content and all(
        (folder / file["path"]).is_file()
        and (folder / file["path"]).stat().st_size == file["bytes"]
        for file in manifest["files"]
    )


def content_sha256(table: pa.Table) -> str:
    """Return one sum over the rows, apart from the columns that every build changes."""
    sink = pa.BufferOutputStream()
    pa_csv.write_csv(table.drop_columns(NOT_CONTENT), sink)
    return hashlib.sha256(sink.getvalue()).hexdigest()


def describe(file: Path, rows: int) -> dict[str, Any]:
    """Return a file's line of the manifest."""
    with file.open("rb") as stream:
        os.fsync(stream.fileno())
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return {
        "path": file.name,
        "format": file.suffix.removeprefix("."),
        "rows": rows,
        "bytes": file.stat().st_size,
        "sha256": digest,
    }


def write_synced(file: Path, text: str) -> None:
    with file.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())


def point_current_at(exports: Path, version: str) -> None:
    """Name the version in `current`, replacing the line in one step."""
    line = exports / f".current-{version}"
    write_synced(line, version + "\n")
    line.replace(exports / "current")


def current_version(exports: Path) -> str | None:
    """Return the name of the current version, None where nothing is published."""
    line = exports / "current"
    return line.read_text().strip() if line.is_file() else None


def read_manifest(exports: Path, version: str) -> dict[str, Any]:
    """Return a version's manifest.

    Raises
    ------
    CineSparkError
        If the version has none.
    """
    file = exports / version / MANIFEST
    if not file.is_file():
        raise CineSparkError(
            f"{exports / 'current'} names {version}, but there is no {file}: "
            "publish again with `dbt build`"
        )
    content: dict[str, Any] = json.loads(file.read_text())
    return content


def files_of(exports: Path, version: str | None) -> list[tuple[Any, ...]]:
    """Return a version's files in the columns of FILES_SCHEMA, none without one."""
    if version is None:
        return []
    return [
        (
            version,
            f"{version}/{file['path']}",
            file["format"],
            file["rows"],
            file["bytes"],
            file["sha256"],
        )
        for file in read_manifest(exports, version)["files"]
    ]


def recommendations_of(exports: Path, user_id: int, n: int) -> pa.Table:
    """Return the first `n` recommendations of a user in the current version.

    Raises
    ------
    CineSparkError
        If nothing is published, or the user has no recommendations.
    """
    version = current_version(exports)
    if version is None:
        raise CineSparkError(
            f"nothing is published in {exports}: run `make run`, or `dbt build`"
        )
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
