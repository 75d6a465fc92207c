"""Which versions are published, and which one is current."""

import re
from pathlib import Path

from cinespark.errors import CineSparkError

VERSION = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}")  # time and start of content_sha256


def current_version(exports: Path) -> str | None:
    """Return the name of the current version, None if nothing is published."""
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
    """Return the names of all versions, damaged or not, oldest first."""
    return sorted(
        folder.name
        for folder in exports.glob("*-*")
        if VERSION.fullmatch(folder.name) and folder.is_dir()
    )
