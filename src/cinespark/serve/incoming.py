"""What people send, as lines of segments: on the disk before there is a receipt."""

import contextlib
import fcntl
import json
import logging
import os
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from cinespark.files import NEW, make_folder, sync
from cinespark.paths import dataset_folder

OPEN, CLOSED = ".open", ".jsonl"
CLOSE = "close"  # newer than a segment: who writes to it closes it
LARGEST = 16 * 2**20  # bytes of a segment
OLDEST = 60.0  # seconds that a segment is written to
PAUSE = 0.25  # seconds between two looks at how old they are
log = logging.getLogger("cinespark.serve")


@dataclass(frozen=True)
class Receipt:
    """Where rows are: in lines `first` to `last` of a segment, from 1."""

    segment: str
    first: int
    last: int
    received_at: str


class Incoming:
    """The segment that one process writes to, and its lines so far.

    A segment is written to under a name of its own, by one process, which holds a lock
    on it; whole it gets the name of a closed one, and is never changed again. What a
    process that died left open is closed by the next one that writes. Each segment is
    of one data set, in whose folder it lies.

    Parameters
    ----------
    folder
        That of all data sets.
    is_durable
        Whether rows are on the disk when they were added, or once a segment is closed:
        a log that may lose its last minute costs no wait.
    """

    def __init__(self, folder: Path, is_durable: bool = True) -> None:
        self._all = self._folder = folder
        self._is_durable = is_durable
        self._lock = threading.Lock()
        self._file: int | None = None
        self._path = folder
        self._lines, self._bytes, self._begun = 0, 0, 0.0
        self._opened_at = 0.0

    def add(self, rows: Sequence[Mapping[str, Any]], dataset: str) -> Receipt:
        """Write rows as lines, and return where they are.

        A line says when it came and which one it is, as SQL cannot count lines.

        Parameters
        ----------
        dataset
            The name of the data set whose ids they have.

        Raises
        ------
        OSError
            If the disk does not take them; then none of them counts.
        """
        folder = self._all / dataset_folder(dataset)
        with self._lock:
            if self._file is not None and (folder != self._folder or self._is_full()):
                self._close()
            if self._file is not None and not os.fstat(self._file).st_nlink:
                self._close()  # somebody removed it
            if self._file is None:
                self._open(folder)
            file = self._file
            assert file is not None  # it was opened
            now = datetime.now(UTC).isoformat(timespec="microseconds")
            lines = [
                json.dumps({**row, "received_at": now, "line": line})
                for line, row in enumerate(rows, self._lines + 1)
            ]
            data = "".join(f"{line}\n" for line in lines).encode()
            try:
                write_all(file, data)
                if self._is_durable:
                    os.fsync(file)
            except OSError:
                try:
                    os.ftruncate(file, self._bytes)  # no half of it
                except OSError:
                    self._let_go()  # its last line is no whole one
                raise
            first = self._lines + 1
            self._lines += len(lines)
            self._bytes += len(data)
            name = self._path.name.removesuffix(OPEN) + CLOSED
            return Receipt(name, first, self._lines, now)

    def close(self) -> None:
        """Close the segment, if there is one."""
        with self._lock:
            if self._file is not None:
                self._close()

    def close_old(self) -> None:
        """Close the segment if nobody should write to it any more."""
        with self._lock:
            if self._file is not None and self._is_full():
                self._close()

    def ask_to_close(self) -> None:
        """Ask all processes to close their segments, for a build that begins now.

        They do so when they next look, four times a second.
        """
        make_folder(self._all)
        (self._all / CLOSE).touch(mode=0o600)

    def _is_full(self) -> bool:
        return (
            self._bytes >= LARGEST
            or time.monotonic() - self._begun >= OLDEST
            or self._opened_at <= last_asked(self._all)
        )

    def _open(self, folder: Path) -> None:
        make_folder(folder)
        close_left(folder)
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{uuid4().hex[:12]}{OPEN}"
        path, new = folder / name, folder / f"{NEW}{name}"
        how = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_APPEND
        file = os.open(new, how, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            new.rename(path)  # locked before anybody sees it
            sync(folder)
            self._opened_at = os.fstat(file).st_mtime
        except OSError:
            os.close(file)
            raise
        self._file, self._path, self._folder = file, path, folder
        self._lines, self._bytes, self._begun = 0, 0, time.monotonic()

    def _close(self) -> None:
        """Close the segment; one that somebody moved away is let go of."""
        assert self._file is not None  # whoever calls has looked
        try:
            if not self._is_durable:
                os.fsync(self._file)
            with contextlib.suppress(FileNotFoundError):
                self._path.rename(self._path.with_suffix(CLOSED))
                sync(self._folder)
        finally:
            self._let_go()

    def _let_go(self) -> None:
        """Close the file under the name that it has: the next who writes sees to it."""
        assert self._file is not None  # whoever calls has looked
        file, self._file = self._file, None
        os.close(file)


def last_asked(folder: Path) -> float:
    """Return when somebody last asked to close segments, 0 for never."""
    try:
        return (folder / CLOSE).stat().st_mtime
    except FileNotFoundError:
        return 0.0


def close_all_left(folder: Path) -> None:
    """Close segments of processes that died, of every data set."""
    for one in folder.glob("[!.]*/"):
        close_left(one)


def keep_closing(written: Sequence[Incoming]) -> None:
    """Close segments in time from now on, in a thread of its own."""

    def run() -> None:
        while True:
            time.sleep(PAUSE)
            for one in written:
                try:
                    one.close_old()
                except OSError:
                    log.exception("a segment was not closed")

    threading.Thread(target=run, name="segments", daemon=True).start()


def write_all(file: int, data: bytes) -> None:
    """Write all of it, however many calls that takes."""
    while data:
        data = data[os.write(file, data) :]


def close_left(folder: Path) -> None:
    """Close segments of processes that died, without the line they died at."""
    for path in folder.glob(f"[!.]*{OPEN}"):
        try:
            file = os.open(path, os.O_RDWR)
        except FileNotFoundError:  # another process closed it
            continue
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            content = path.read_bytes()
            whole = content.rfind(b"\n") + 1
            if not whole:
                path.unlink()
                continue
            os.ftruncate(file, whole)
            os.fsync(file)
            path.rename(path.with_suffix(CLOSED))
        except (BlockingIOError, FileNotFoundError):
            continue  # it is being written to, or another process closed it
        finally:
            os.close(file)
    sync(folder)


def closed_segments(folder: Path) -> list[Path]:
    """Return the segments of all data sets that nobody writes to, oldest first."""
    return sorted(folder.glob(f"*/*{CLOSED}"), key=lambda path: path.name)
