"""Files that are whole or not there: one atomic replacement and one SHA-256."""

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType, UnionType
from typing import Any
from uuid import uuid4

from cinespark.errors import CineSparkError

NEW = ".new-"  # how the name begins of what is still being written


def sha256_of(file: Path) -> str:
    """Return the SHA-256 of a file, read in blocks."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def sync(path: Path) -> None:
    """Wait until a file, or a folder's list of names, is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def replacing(file: Path) -> Iterator[Path]:
    """Give a path beside a file; what is written there replaces it in one step.

    If the block raises, or the process is killed, the file stays as it was. What a
    killed process leaves behind begins with NEW, for `unfinished` to find.
    """
    new = file.with_name(f"{NEW}{file.name}-{uuid4().hex[:8]}")
    try:
        yield new
        sync(new)
        new.replace(file)
    finally:
        new.unlink(missing_ok=True)


def replace_file(file: Path, content: str | bytes) -> None:
    """Replace a file by this content in one step; its folder is made if missing."""
    make_folder(file.parent)
    data = content.encode() if isinstance(content, str) else content
    with replacing(file) as new:
        new.write_bytes(data)


def read_rows(
    file: Path,
    kinds: Mapping[str, type | UnionType],
    remedy: str,
    former: Mapping[str, str] = MappingProxyType({}),
) -> list[dict[str, Any]]:
    """Return the rows of a JSON file, each with the columns named, of these types.

    Parameters
    ----------
    kinds
        The type of each column; a whole number will do for a float.
    remedy
        What to do about a file that cannot be read.
    former
        Names that columns had in earlier versions, with today's.

    Raises
    ------
    CineSparkError
        If the file is another one.
    """
    try:
        rows = json.loads(file.read_text(encoding="utf-8"))
        if not isinstance(rows, list) or not rows:
            raise ValueError("it is no list of rows")
        rows = [{former.get(key, key): row[key] for key in row} for row in rows]
        for name, kind in kinds.items():
            if not all(is_a(row[name], kind) for row in rows):
                raise ValueError(f"{name} is of another type")
    except (OSError, ValueError, KeyError, TypeError) as error:
        words = f"no {error}" if isinstance(error, KeyError) else str(error)
        raise CineSparkError(f"{file} cannot be read ({words}): {remedy}") from error
    return rows


def is_a(value: object, kind: type | UnionType) -> bool:
    """Return whether a value is of a type, or a whole number for a float."""
    return isinstance(value, kind) or (isinstance(value, int) and isinstance(0.0, kind))


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing, for their owner alone.

    What is made holds what people watched and rated.

    Raises
    ------
    CineSparkError
        If something else is in its place.
    """
    if folder.is_dir():
        return
    if os.path.lexists(folder) and not folder.is_dir():  # made in the meantime
        raise CineSparkError(
            f"{folder} is no folder: move it away, then run again, and one is made"
        )
    make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)


def unfinished(folder: Path) -> list[Path]:
    """Return the files and folders that processes are writing, or left half-written."""
    return sorted(folder.glob(f"{NEW}*"))


def remove(paths: Iterable[Path]) -> None:
    """Remove files, links and folders with all that is in them.

    What is half-written only where no other process can be writing: hold the folder's
    lock.
    """
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
