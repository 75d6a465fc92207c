"""Which versions are published, and which one is current."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cinespark.errors import CineSparkError
from cinespark.lock import held

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


@contextmanager
def reading_current(exports: Path) -> Iterator[str]:
    """Give the name of the current version, which is not removed in the meantime.

    Raises
    ------
    CineSparkError
        If nothing is published.
    """
    while True:
        version = require_current(exports)
        with held(exports / version) as is_there:
            if is_there or version == current_version(exports):
                yield version  # a version that is lost is its reader's to report
                return


def versions(exports: Path) -> list[str]:
    """Return the names of all versions, damaged or not, oldest first."""
    return sorted(
        folder.name
        for folder in exports.glob("*-*")
        if VERSION.fullmatch(folder.name) and folder.is_dir()
    )
