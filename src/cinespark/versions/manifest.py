"""What a version says of itself, and whether its files are as it says."""

import json
from pathlib import Path
from typing import Any

from cinespark.errors import CineSparkError
from cinespark.files import sha256_of

MANIFEST = "manifest.json"


FACTS_OF_A_FILE = {"path", "format", "rows", "bytes", "sha256"}


Manifest = dict[str, Any]


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
