"""One writer at a time in a folder, which its readers can hold together.

The adapter has its own, slow to import.
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from cinespark.files import make_folder


@contextmanager
def locked(folder: Path, on_wait: Callable[[], None]) -> Iterator[None]:
    """Hold a folder, which is made if it is not there, alone.

    `on_wait` is called once if another process or thread holds it. The kernel frees
    the folder when its holder dies.
    """
    make_folder(folder)
    lock = FileLock(folder / ".lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        on_wait()
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


@contextmanager
def alone(path: Path) -> Iterator[bool]:
    """Hold a file or folder that readers may hold, and give whether none does.

    Readers hold it with `flock` and LOCK_SH; the kernel lets go for those that die.
    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        yield False
    else:
        yield True
    finally:
        os.close(descriptor)


@contextmanager
def held(folder: Path) -> Iterator[bool]:
    """Hold a folder together with other readers, and give whether it is there."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except FileNotFoundError:
        yield False
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        yield folder.exists()  # or it was removed just before
    finally:
        os.close(descriptor)
