"""Folders for their owner alone, held by one process, or by one writing command."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from os import getpid
from pathlib import Path
from threading import Lock

from filelock import FileLock, Timeout

WRITING = ("build", "run", "retry", "seed", "snapshot", "clone", "run-operation")
_held: dict[Path, FileLock] = {}  # by this process, until its command ends
_changing = Lock()


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


def hold_schema(
    state_dir: Path, schema: str, command: str, on_wait: Callable[[str], None]
) -> None:
    """Hold a schema for a command that writes, as `dbt run`, until `release_schemas`.

    If another process holds it, this one waits, and `on_wait` is told once for whom.
    The kernel frees the schema when its holder dies.
    """
    with _changing:
        file = state_dir / "locks" / f"{schema}.lock"
        if file in _held:
            return
        make_folder(file.parent)
        holder = file.with_suffix(".holder")
        lock = FileLock(file, thread_local=False)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            try:
                who = holder.read_text()
            except FileNotFoundError:
                who = ""
            who = who or "another command"  # that has not written who it is yet
            on_wait(f"waiting for {who}, which writes to the schema {schema}, to end")
            lock.acquire()
        since = datetime.now().astimezone().strftime("%H:%M:%S")
        holder.write_text(f"{command} (process {getpid()}, since {since})")
        _held[file] = lock


def release_schemas() -> None:
    """Release what this process holds."""
    with _changing:
        while _held:
            file, lock = _held.popitem()
            file.with_suffix(".holder").unlink(missing_ok=True)
            lock.release()


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing, for their owner alone.

    What is made may hold rows on persons.
    """
    if not folder.exists():
        make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
