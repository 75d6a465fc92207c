"""Counts of requests that all processes share: a table in a file that they map."""

import fcntl
import hashlib
import mmap
import os
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from limits.storage.base import SlidingWindowCounterSupport, Storage

SLOTS = 65_536  # who asked lately: of more, those who have not asked for longest go
TRIED = 8  # slots in a row where one may be
SLOT = struct.Struct("<16sdII")  # whose, end of the window, in it, in the one before
Window = tuple[float, int, int]


class SharedCounts(Storage, SlidingWindowCounterSupport):
    """A storage of `limits` for the processes of one machine, without a server.

    The file is of one size, whoever asks. The kernel lets go of the lock of a process
    that dies.

    Parameters
    ----------
    file
        Made if it is not there.
    """

    STORAGE_SCHEME = None

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
        os.ftruncate(self._file, SLOTS * SLOT.size)
        self._table = mmap.mmap(self._file, SLOTS * SLOT.size)
        self._lock = threading.Lock()

    @property
    def base_exceptions(self) -> type[Exception]:
        """The errors that a storage may raise."""
        return OSError

    def acquire_sliding_window_entry(
        self, key: str, limit: int, expiry: int, amount: int = 1
    ) -> bool:
        """Count some more, unless that is too many; return whether it was not."""
        now = time.time()
        with self._held():
            place, (end, count, before) = self._window(key, expiry, now)
            if before * (end - now) / expiry + count + amount > limit:
                return False
            SLOT.pack_into(self._table, place, digest(key), end, count + amount, before)
        return True

    def get_sliding_window(
        self, key: str, expiry: int
    ) -> tuple[int, float, int, float]:
        """Return the counts of the window before and of this one, each with its rest.

        In seconds: how long the one before still counts, and this one.
        """
        now = time.time()
        with self._held():
            _, (end, count, before) = self._window(key, expiry, now)
        return before, end - now, count, end - now + expiry

    def _window(self, key: str, expiry: int, now: float) -> tuple[int, Window]:
        """Return the place of a key, and the window that it is in now."""
        place, found = self._slot(digest(key))
        end, count, before = found or (0.0, 0, 0)
        if end > now:
            return place, (end, count, before)
        is_next = end + expiry > now
        return place, (now - now % expiry + expiry, 0, count if is_next else 0)

    def _slot(self, mine: bytes) -> tuple[int, Window | None]:
        """Return the place of a key, or where it may be: there the oldest one goes."""
        first = int.from_bytes(mine[:4], "little")
        oldest, place = float("inf"), 0
        for step in range(TRIED):
            one = (first + step) % SLOTS * SLOT.size
            whose, end, count, before = SLOT.unpack_from(self._table, one)
            if whose == mine:
                return one, (end, count, before)
            if end < oldest:
                oldest, place = end, one
        return place, None

    @contextmanager
    def _held(self) -> Iterator[None]:
        with self._lock:
            fcntl.flock(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count some more, however many; return how many there are."""
        with self._held():
            place, (end, count, before) = self._window(key, expiry, time.time())
            SLOT.pack_into(self._table, place, digest(key), end, count + amount, before)
        return count + amount

    def get(self, key: str) -> int:
        """Return the count of the window, 0 where there is none."""
        with self._held():
            found = self._slot(digest(key))[1]
        return found[1] if found and found[0] > time.time() else 0

    def get_expiry(self, key: str) -> float:
        """Return when the window ends; now, where there is none."""
        with self._held():
            found = self._slot(digest(key))[1]
        return found[0] if found else time.time()

    def check(self) -> bool:
        """Return whether it can be used."""
        return True

    def reset(self) -> int | None:
        """Forget everybody."""
        with self._held():
            self._table[:] = bytes(len(self._table))
        return None

    def clear(self, key: str) -> None:
        """Forget one."""
        self.clear_sliding_window(key, 1)

    def clear_sliding_window(self, key: str, expiry: int) -> None:
        """Forget one."""
        with self._held():
            place, found = self._slot(digest(key))
            if found:
                SLOT.pack_into(self._table, place, bytes(16), 0.0, 0, 0)


def digest(key: str) -> bytes:
    """Return what stands for a key in the table."""
    return hashlib.blake2b(
        key.encode("utf-8", "surrogatepass"), digest_size=16
    ).digest()
