"""Which versions are published, and which one is current."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cinespark.errors import CineSparkError
from cinespark.lock import held

NAME = re.compile(r"\w[\w-]*")  # no path
VERSION = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}")  # time and start of content_sha256


def current_version(exports: Path) -> str | None:
    """Return the name of the current version, None if nothing is published.

    Raises
    ------
    CineSparkError
        If the file that names it names none.
    """
    line = read_current(exports)
    if line and not NAME.fullmatch(line):
        raise CineSparkError(
            f"{exports / 'current'} names no version but {line[:40]!r}: write it anew "
            f"with `cinespark rollback VERSION`; there are {in_words(exports)}"
        )
    return line or None


def read_current(exports: Path) -> str:
    """Return what the file `current` holds, empty if it is not there."""
    file = exports / "current"
    try:
        return file.read_text(encoding="utf-8", errors="replace").strip()
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except OSError as error:
        raise CineSparkError(
            f"{file} cannot be read ({error.strerror}): make it a file that you may "
            "read, or move it away and choose one with `cinespark rollback VERSION`"
        ) from error


def in_words(exports: Path) -> str:
    """Return the names of all versions, newest first."""
    return ", ".join(reversed(versions(exports))) or "none"


def require_current(exports: Path) -> str:
    """Return the name of the current version.

    Raises
    ------
    CineSparkError
        If nothing is published.
    """
    version = current_version(exports)
    if version is None and versions(exports):
        raise CineSparkError(
            f"no version in {exports} is current: choose one of {in_words(exports)} "
            "with `cinespark rollback VERSION`, or publish with `dbt build`"
        )
    if version is None:
        raise CineSparkError(
            f"nothing is published in {exports}: run `make run`, or `dbt build`, which "
            "publishes unless every user has rated everything"
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
