"""Files that are whole or not there: one atomic replacement and one SHA-256."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

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
    killed process leaves behind begins with NEW, for `remove_unfinished`.
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
    file.parent.mkdir(parents=True, exist_ok=True)
    data = content.encode() if isinstance(content, str) else content
    with replacing(file) as new:
        new.write_bytes(data)


def remove_unfinished(folder: Path) -> None:
    """Remove the files and folders that killed processes left half-written.

    Only where no other process can be writing: hold the folder's lock.
    """
    for unfinished in folder.glob(f"{NEW}*"):
        if unfinished.is_dir() and not unfinished.is_symlink():
            shutil.rmtree(unfinished)
        else:
            unfinished.unlink()
