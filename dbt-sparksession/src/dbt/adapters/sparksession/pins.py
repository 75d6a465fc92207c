"""The folders of files that a command reads: found once, and held until it ends."""

import fcntl
import os
import re
from pathlib import Path
from threading import Lock

_OF_PATTERNS = re.compile(r"[?*\[\]{}\\]")  # to Hadoop's file systems
_pinned: dict[Path, Path] = {}
_held: list[int] = []
_root = Path()
_changing = Lock()


def start_pinning(root: Path) -> None:
    """Forget what an earlier command of this process read; paths start at `root`."""
    global _root
    unpin()
    _root = root


def pinned(path: str) -> str:
    """Return the path of a file with the links in its folder's path followed.

    They are followed once per command, so that a link which is moved meanwhile changes
    nothing. The folder is held by a shared `flock`, for whoever would remove it to see.
    """
    file = Path(_root, path)
    with _changing:
        while file.parent not in _pinned:
            folder = file.parent.resolve()
            if folder == file.parent or not folder.is_dir():  # no link, or no folder
                return path
            try:
                descriptor = os.open(folder, os.O_RDONLY)
            except FileNotFoundError:  # removed just now, and the link was moved before
                continue
            fcntl.flock(descriptor, fcntl.LOCK_SH)
            if folder.is_dir():  # or it was removed just now
                _held.append(descriptor)
                _pinned[file.parent] = folder
            else:
                os.close(descriptor)
        return str(_pinned[file.parent] / file.name)


def absolute(path: str) -> Path:
    """Return a path, which starts at the project if it is relative."""
    return Path(_root, path)


def literal(path: str) -> str:
    """Return the path of a file as Spark takes it literally, where its folder exists.

    Otherwise it may be meant as the pattern that it then is.
    """
    folder, slash, name = path.rpartition("/")
    if not Path(_root, folder).is_dir():
        return path
    return _OF_PATTERNS.sub(r"\\\g<0>", folder) + slash + name


def unpin() -> None:
    """Let go of the folders."""
    with _changing:
        _pinned.clear()
        while _held:
            os.close(_held.pop())
