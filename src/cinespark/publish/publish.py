"""Publishing: a folder of files a version, and one line that names the current."""

import json
import shutil
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cinespark.files import NEW, remove_unfinished, replace_file, sha256_of, sync
from cinespark.lock import locked
from cinespark.publish.content import Content, content_sha256, in_order, write_files
from cinespark.publish.model_card import model_card
from cinespark.versions.change_summary import reason
from cinespark.versions.manifest import MANIFEST, Manifest, damaged_files, read_manifest
from cinespark.versions.versions import current_version, versions

FILES_SCHEMA = (
    "version string, path string, format string, "
    "row_count bigint, byte_count bigint, sha256 string"
)
KEEP = 5
OLD = ".old-"  # how the name begins of a version that is being removed
TIME = "%Y%m%dT%H%M%SZ"


def publish(
    content: Content,
    exports: Path,
    about: Mapping[str, Any],
    register: Callable[[Path], str | None] = lambda folder: None,
    promote: Callable[[Manifest], None] = lambda manifest: None,
    keep: int = KEEP,
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
        Is given the folder with the tables and arrays of a new version, and returns the
        number of its model in a registry.
    promote
        Is given the manifest of the version that is current, at every publishing: what
        a crash kept from happening happens the next time.
    keep
        How many versions stay, counted from the newest; the current one always does.

    Returns
    -------
    list
        One tuple a file, in the columns of FILES_SCHEMA; `path` is below `exports`.
    """
    with locked(exports, on_wait=lambda: None):
        clear_leftovers(exports)
        if content.recommendations.num_rows == 0:  # `dbt build --empty`
            return files_of(exports, current_version(exports))
        content = in_order(content)
        total = content_sha256(content)
        version = version_with(total, exports) or write_version(
            content, total, exports, about, register
        )
        point_current_at(exports, version)
        promote(read_manifest(exports, version))
        for old in versions(exports)[:-keep]:
            if old != version:
                remove(exports / old)
        return files_of(exports, version)


def version_with(total: str, exports: Path) -> str | None:
    """Return the newest whole version with this sum of contents, the current first."""
    names = sorted(versions(exports), reverse=True)
    names.sort(key=lambda name: name != current_version(exports))
    for name in names:
        if (
            MANIFEST not in damaged_files(exports, name, by_sum=False)
            and read_manifest(exports, name)["content_sha256"] == total
            and not damaged_files(exports, name)
        ):
            return name
    return None


def write_version(
    content: Content,
    total: str,
    exports: Path,
    about: Mapping[str, Any],
    register: Callable[[Path], str | None],
) -> str:
    """Write a version's folder, whole or not at all, and return its name."""
    now = datetime.now(UTC)
    version = f"{later_than_all(versions(exports), now):{TIME}}-{total[:8]}"
    new = exports / f"{NEW}{version}"
    new.mkdir()
    rows = write_files(content, new)
    previous = current_version(exports)
    manifest = {
        "version": version,
        "content_sha256": total,
        "published_at": now.isoformat(timespec="seconds"),
        "previous": previous,
        "reason": reason(about, total, exports, previous),
        "registered_version": register(new),
        "about": dict(about),
    }
    replace_file(new / "model_card.md", model_card(manifest))
    files = [describe(file, rows.get(file.name)) for file in sorted(new.iterdir())]
    text = json.dumps(manifest | {"files": files}, indent=2, ensure_ascii=False)
    replace_file(new / MANIFEST, text + "\n")
    new.rename(exports / version)
    return version


def later_than_all(there: list[str], now: datetime) -> datetime:
    """Return now, or the second after the newest version if that is later."""
    if not there:
        return now
    newest = datetime.strptime(there[-1].split("-")[0], TIME).replace(tzinfo=UTC)
    return max(now, newest + timedelta(seconds=1))


def clear_leftovers(exports: Path) -> None:
    """Remove what a crash left behind."""
    remove_unfinished(exports)
    for version in exports.glob(f"{OLD}*"):
        shutil.rmtree(version)


def remove(folder: Path) -> None:
    """Remove a version so that it is never seen without some of its files."""
    gone = folder.with_name(f"{OLD}{folder.name}")
    folder.rename(gone)
    shutil.rmtree(gone)


def describe(file: Path, rows: int | None) -> dict[str, Any]:
    """Return a file's line of the manifest, once it is on the disk."""
    sync(file)
    return {
        "path": file.name,
        "format": file.suffix.removeprefix("."),
        "rows": rows,
        "bytes": file.stat().st_size,
        "sha256": sha256_of(file),
    }


def point_current_at(exports: Path, version: str) -> None:
    """Name the version in `current`, replacing the line in one step."""
    if version != current_version(exports):
        replace_file(exports / "current", version + "\n")


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
