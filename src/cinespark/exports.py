"""Published versions: a folder of files each, and one line that names the current."""

import hashlib
import json
import os
import shutil
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from cinespark.errors import CineSparkError

MANIFEST = "manifest.json"
NOT_CONTENT = ["generated_at"]  # differs between builds that recommend the same


def publish(recommendations: pa.Table, folder: str | Path) -> pd.DataFrame:
    """Write the recommendations as a version, make it current and return its files.

    A version whose content is already the current one is left as it is. What is current
    is replaced last and in one step, so a crash at any moment leaves a whole version.

    Parameters
    ----------
    recommendations
        Rows of the table `recommendations`.
    folder
        Where the versions are, one folder each.

    Returns
    -------
    pandas.DataFrame
        `version`, `path` below `folder`, `format`, `row_count`, `byte_count`, `sha256`.
    """
    exports = Path(folder)
    exports.mkdir(parents=True, exist_ok=True)
    table = recommendations.sort_by([("user_id", "ascending"), ("rank", "ascending")])
    if table.num_rows == 0:  # a build on empty tables has nothing to say to people
        return as_rows(exports, current_version(exports))
    content = content_sha256(table)
    current = current_version(exports)
    if current and read_manifest(exports, current)["content_sha256"] == content:
        return as_rows(exports, current)
    for leftover in exports.glob(".new-*"):
        shutil.rmtree(leftover)
    version = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{content[:8]}"
    new = exports / f".new-{uuid.uuid4().hex}"
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
    point_current_at(exports, version)
    return as_rows(exports, version)


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
    line = exports / f".current-{uuid.uuid4().hex}"
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


def as_rows(exports: Path, version: str | None) -> pd.DataFrame:
    """Return a version's files as rows, none where nothing is published."""
    files = read_manifest(exports, version)["files"] if version else []
    return pd.DataFrame(
        {
            "version": pd.Series([version] * len(files), dtype="object"),
            "path": pd.Series([f"{version}/{file['path']}" for file in files], dtype="object"),
            "format": pd.Series([file["format"] for file in files], dtype="object"),
            "row_count": pd.Series([file["rows"] for file in files], dtype="int64"),
            "byte_count": pd.Series([file["bytes"] for file in files], dtype="int64"),
            "sha256": pd.Series([file["sha256"] for file in files], dtype="object"),
        }
    )


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
    file = exports / version / "recommendations.parquet"
    rows = pq.read_table(file, filters=[("user_id", "=", user_id)])
    if rows.num_rows == 0:
        users = pq.read_table(file, columns=["user_id"])["user_id"].unique()
        ids = users.to_numpy()
        raise CineSparkError(
            f"user {user_id} has no recommendations in version {version}: it has "
            f"{len(ids):,} users, with ids from {ids.min()} to {ids.max()}; "
            f"try --user {ids[abs(ids - user_id).argmin()]}"
        )
    return rows.sort_by("rank").slice(0, n)
