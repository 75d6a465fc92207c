"""Publishing: a folder of files a version, and one line that names the current."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from cinespark.errors import CineSparkError
from cinespark.lock import locked
from cinespark.model_card import model_card
from cinespark.predict import Arrays, arrays_sha256
from cinespark.published import (
    MANIFEST,
    current_version,
    damaged_files,
    read_manifest,
    require_current,
    sha256_of,
    summary,
    versions,
)

FILES_SCHEMA = (
    "version string, path string, format string, "
    "row_count bigint, byte_count bigint, sha256 string"
)
NOT_CONTENT = ["generated_at"]  # differs between builds that recommend the same
FORMULA = r"^[=+\-@\t\r]"  # https://owasp.org/www-community/attacks/CSV_Injection

Manifest = dict[str, Any]


@dataclass(frozen=True)
class Content:
    """What a version holds: two tables, and groups of arrays by the name of a file."""

    recommendations: pa.Table
    movies: pa.Table
    arrays: Mapping[str, Arrays]


def publish(
    content: Content,
    exports: Path,
    about: Mapping[str, Any],
    register: Callable[[Path], str | None] = lambda folder: None,
    promote: Callable[[Manifest], None] = lambda manifest: None,
    keep: int = 5,
) -> list[tuple[Any, ...]]:
    """Make a version of this content current, and return its files.

    A version with the same content that is whole is taken as it is; otherwise a new one
    is written. What is current is replaced in one step once the version is whole, so a
    crash at any moment leaves a whole version; the next publishing heals the rest.

    Parameters
    ----------
    content
        Without recommendations nothing is published.
    exports
        Where the versions are, one folder each.
    about
        What the manifest says of the build, as JSON: `dataset`, `parameters`,
        `metrics`, `checks`, `counts`, `git_commit`, `invocation_id`, `run_id` and
        `model_version`.
    register
        Is given the folder with the files of a new version, and returns the number of
        its model in a registry.
    promote
        Is given the manifest of the version that is current.
    keep
        How many versions stay, the current one among them.

    Returns
    -------
    list
        One tuple a file, in the columns of FILES_SCHEMA; `path` is below `exports`.
    """
    with locked(exports, on_wait=lambda: None):
        clear_leftovers(exports)
        current = current_version(exports)
        if content.recommendations.num_rows == 0:  # `dbt build --empty`
            return files_of(exports, current)
        version = version_with(content_sha256(content), exports)
        if version is None:
            version = write_version(content, exports, about, register)
        point_current_at(exports, version)
        promote(read_manifest(exports, version))
        others = [name for name in versions(exports) if name != version]
        for old in others[: max(0, len(others) + 1 - keep)]:
            remove(exports / old)
        return files_of(exports, version)


def rollback(
    exports: Path,
    version: str | None = None,
    promote: Callable[[Manifest], None] = lambda manifest: None,
) -> str:
    """Make an older version current and return its name.

    Parameters
    ----------
    version
        Its name; without one the version that was current before.

    Raises
    ------
    CineSparkError
        If it is not there, is damaged or is current already.
    """
    with locked(exports, on_wait=lambda: None):
        current = require_current(exports)
        there = versions(exports)
        if version is None:
            version = version_before(current, exports)
        if version not in there:
            raise CineSparkError(
                f"there is no version {version} in {exports}: choose one of "
                f"{', '.join(there)}"
            )
        if version == current:
            raise CineSparkError(f"version {version} is current already")
        if damaged := damaged_files(exports, version):
            raise CineSparkError(
                f"version {version} is damaged ({', '.join(damaged)} in "
                f"{exports / version} are not what {MANIFEST} says), so {current} "
                "stays current: choose another one from `cinespark history`"
            )
        promote(read_manifest(exports, version))  # may refuse
        point_current_at(exports, version)
        return version


def version_before(current: str, exports: Path) -> str:
    """Return the version that was current before, or else the newest older one.

    Raises
    ------
    CineSparkError
        If there is none.
    """
    before = read_manifest(exports, current).get("previous")
    older = [version for version in versions(exports) if version < current]
    if before in versions(exports):
        return str(before)
    if not older:
        raise CineSparkError(f"there is no version before {current} in {exports}")
    return older[-1]


def write_version(
    content: Content,
    exports: Path,
    about: Mapping[str, Any],
    register: Callable[[Path], str | None],
) -> str:
    """Write a version's folder, whole or not at all, and return its name."""
    total = content_sha256(content)
    now = datetime.now(UTC)
    version = f"{now:%Y%m%dT%H%M%SZ}-{total[:8]}"
    new = exports / f".new-{version}"
    new.mkdir()
    table = content.recommendations.sort_by(
        [("user_id", "ascending"), ("rank", "ascending")]
    )
    pq.write_table(table, new / "recommendations.parquet", row_group_size=100_000)
    pa_csv.write_csv(without_formulas(table), new / "recommendations.csv")
    pq.write_table(content.movies.sort_by("movie_id"), new / "movies.parquet")
    rows = {
        "recommendations.parquet": table.num_rows,
        "recommendations.csv": table.num_rows,
        "movies.parquet": content.movies.num_rows,
    }
    for name, arrays in content.arrays.items():
        np.savez(new / f"{name}.npz", allow_pickle=False, **arrays)
        rows[f"{name}.npz"] = max(len(array) for array in arrays.values())
    previous = current_version(exports)
    manifest = {
        "version": version,
        "content_sha256": total,
        "published_at": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        "previous": previous,
        "reason": reason(about, about_of(exports, previous), previous),
        "registered_version": register(new),
        "about": dict(about),
    }
    write_synced(new / "model_card.md", model_card(manifest))
    files = [describe(file, rows.get(file.name)) for file in sorted(new.iterdir())]
    text = json.dumps(manifest | {"files": files}, indent=2)
    write_synced(new / MANIFEST, text + "\n")
    if (exports / version).exists():  # damaged, or it would have been taken
        remove(exports / version)
    new.rename(exports / version)
    return version


def reason(
    about: Mapping[str, Any], before: Mapping[str, Any] | None, previous: str | None
) -> str:
    """Return in words what differs from what is known about the version before."""
    if previous is None:
        return "first version"
    if before is None:
        return f"the version before, {previous}, is damaged or does not say what it is"
    old, new = before["dataset"], about["dataset"]
    reasons = []
    if old["sha256"] != new["sha256"]:
        reasons.append(
            f"other data: {old['name']} {old['sha256'][:8]} → "
            f"{new['name']} {new['sha256'][:8]}"
        )
    changed = [
        f"{name} {before['parameters'].get(name)} → {about['parameters'].get(name)}"
        for name in sorted({*before["parameters"], *about["parameters"]})
        if before["parameters"].get(name) != about["parameters"].get(name)
    ]
    if changed:
        reasons.append(f"other parameters: {', '.join(changed)}")
    if before["git_commit"] != about["git_commit"]:
        old_code, new_code = before["git_commit"], about["git_commit"]
        reasons.append(f"other code: {str(old_code)[:8]} → {str(new_code)[:8]}")
    return "; ".join(reasons) or "other lists from the same data, parameters and code"


def about_of(exports: Path, version: str | None) -> Mapping[str, Any] | None:
    """Return what is known about a version, None where that is nothing."""
    if version is None or not summary(exports, version)["is_whole"]:
        return None
    known: Mapping[str, Any] | None = read_manifest(exports, version).get("about")
    return known


def without_formulas(table: pa.Table) -> pa.Table:
    """Return a table whose text starts no formula in a spreadsheet, by a ' before."""
    for place, field in enumerate(table.schema):
        if pa.types.is_string(field.type) or pa.types.is_large_string(field.type):
            text = table[field.name]
            escaped = pc.binary_join_element_wise("'", text, "")
            is_formula = pc.match_substring_regex(text, FORMULA)
            safe = pc.if_else(is_formula, escaped, text)
            table = table.set_column(place, field.name, safe)
    return table


def version_with(content: str, exports: Path) -> str | None:
    """Return the newest whole version with this sum of contents, the current first."""
    names = [current_version(exports), *reversed(versions(exports))]
    for name in names:
        if (
            name in versions(exports)
            and summary(exports, name)["is_whole"]
            and read_manifest(exports, name)["content_sha256"] == content
        ):
            return name
    return None


def content_sha256(content: Content) -> str:
    """Return one sum over all of a version but for what every build changes."""
    digest = hashlib.sha256()
    for table, keys in (
        (content.recommendations.drop_columns(NOT_CONTENT), ["user_id", "rank"]),
        (content.movies, ["movie_id"]),
    ):
        sink = pa.BufferOutputStream()
        pa_csv.write_csv(table.sort_by([(key, "ascending") for key in keys]), sink)
        digest.update(sink.getvalue())
    names = sorted(content.arrays)
    digest.update(repr(names).encode())
    digest.update(arrays_sha256(*(content.arrays[name] for name in names)).encode())
    return digest.hexdigest()


def clear_leftovers(exports: Path) -> None:
    """Remove what a crash left behind."""
    for pattern in (".new-*", ".old-*", ".current-*"):
        for leftover in exports.glob(pattern):
            shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()


def remove(folder: Path) -> None:
    """Remove a version so that it is never seen without some of its files."""
    gone = folder.with_name(f".old-{folder.name}")
    folder.rename(gone)
    shutil.rmtree(gone)


def describe(file: Path, rows: int | None) -> dict[str, Any]:
    """Return a file's line of the manifest, once it is on the disk."""
    with file.open("rb") as stream:
        os.fsync(stream.fileno())
    return {
        "path": file.name,
        "format": file.suffix.removeprefix("."),
        "rows": rows,
        "bytes": file.stat().st_size,
        "sha256": sha256_of(file),
    }


def write_synced(file: Path, text: str) -> None:
    with file.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())


def point_current_at(exports: Path, version: str) -> None:
    """Name the version in `current`, replacing the line in one step."""
    if version != current_version(exports):
        line = exports / f".current-{version}"
        write_synced(line, version + "\n")
        line.replace(exports / "current")


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
