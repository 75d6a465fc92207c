"""The version that is served, which follows the file `current` within a second."""

import logging
import math
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cinespark.errors import CineSparkError
from cinespark.lock import held
from cinespark.serve.opened import Opened, open_version
from cinespark.serve.verified import verified
from cinespark.versions.versions import current_version

PAUSE = 0.25  # seconds between two looks at the file
RETRY = 5.0  # and after which what cannot be served, but is not damaged, is tried again
log = logging.getLogger("cinespark.serve")


class NothingServed(CineSparkError):
    """No version can be served: none is published, or it is damaged."""


@dataclass(frozen=True)
class Refused:
    """A version that is current and is not served, and why."""

    version: str | None
    reason: str
    refused_at: str


@dataclass(frozen=True)
class Took:
    """Seconds that a version took: reading its files, and opening them."""

    verify_seconds: float
    open_seconds: float


class Current:
    """The version that is served, for the threads of one process.

    Requests hold the version they begin with; a new one takes its place in one step,
    and the old one is closed after the last request that holds it.
    """

    def __init__(
        self, exports: Path, shared: Path, overlays: Path | None = None
    ) -> None:
        self._exports, self._shared, self._overlays = exports, shared, overlays
        self._lock = threading.Lock()
        self._opened: Opened | None = None
        self._readers: Counter[int] = Counter()
        self._seen: object = None
        self._again = math.inf  # when to try again what was seen
        self._stop = threading.Event()
        self.refused: Refused | None = None
        self.took: Took | None = None  # the version that is served
        self.swaps = 0
        self.told: Callable[[], None] = lambda: None  # called after a change

    @property
    def version(self) -> str | None:
        """The name of the version that is served."""
        opened = self._opened
        return opened.name if opened else None

    @contextmanager
    def reading(self) -> Iterator[Opened]:
        """Give the version that is served now, which stays open in the block.

        Raises
        ------
        NothingServed
            If there is none.
        """
        opened = self.take()
        try:
            yield opened
        finally:
            self.leave(opened)

    def take(self) -> Opened:
        """Return the version that is served now, which stays open until it is left.

        Raises
        ------
        NothingServed
            If there is none.
        """
        with self._lock:
            opened = self._opened
            if opened is not None:
                self._readers[id(opened)] += 1
        if opened is None:
            reason = self.refused.reason if self.refused else "nothing is published"
            raise NothingServed(reason)
        return opened

    def leave(self, opened: Opened) -> None:
        """Leave a version that was taken; the last one who does closes an old one."""
        with self._lock:
            self._readers[id(opened)] -= 1
            is_last = not self._readers[id(opened)]
            if is_last:
                del self._readers[id(opened)]
            is_old = opened is not self._opened
        if is_last and is_old:
            opened.close()

    def look(self) -> None:
        """Serve the version that is current now, if it is another one and whole."""
        mark = mark_of(self._exports / "current")
        if mark == self._seen and time.monotonic() < self._again:
            return
        self._seen, self._again = mark, time.monotonic() + RETRY
        try:
            self._take(mark)
        finally:
            self.told()

    def _take(self, mark: str) -> None:
        try:
            name = current_version(self._exports)
        except CineSparkError as error:
            self._refuse(None, str(error))
            return
        if name is None:
            self._refuse(None, f"nothing is published in {self._exports}")
        elif name == self.version:
            self.refused, self._again = None, math.inf
        else:
            self._serve(name, mark)

    def _serve(self, name: str, mark: str) -> None:
        try:
            with held(self._exports / name):
                verdict = verified(self._exports, name, mark, self._shared)
                if verdict.damaged:
                    self._again = math.inf
                    words = ", ".join(verdict.damaged)
                    self._refuse(name, f"these files are damaged: {words}")
                    return
                begun = time.perf_counter()
                opened = open_version(self._exports, name, self._overlays)
                took = Took(verdict.seconds, time.perf_counter() - begun)
        except (CineSparkError, OSError) as error:
            self._refuse(name, str(error))
            return
        with self._lock:
            before, self._opened = self._opened, opened
            self.refused, self.took = None, took
            self._again = math.inf
            self.swaps += 1
            is_free = before is not None and not self._readers[id(before)]
        log.info("serving", extra={"version": name, **vars(took)})
        if before is not None and is_free:
            before.close()

    def _refuse(self, version: str | None, reason: str) -> None:
        if self.refused and (self.refused.version, self.refused.reason) == (
            version,
            reason,
        ):
            return  # it was tried again
        now = datetime.now(UTC).isoformat(timespec="seconds")
        self.refused = Refused(version, reason, now)
        log.error("refused", extra={"version": version, "reason": reason})

    def follow(self) -> Callable[[], None]:
        """Look again and again, in a thread of its own; return what ends it."""

        def run() -> None:
            while not self._stop.wait(PAUSE):
                try:
                    self.look()
                except Exception:  # or nobody would ever look again
                    log.exception("looking for a new version failed")

        thread = threading.Thread(target=run, name="versions", daemon=True)
        thread.start()

        def end() -> None:
            self._stop.set()
            thread.join()

        return end

    def close(self) -> None:
        """Serve nothing any more."""
        with self._lock:
            before, self._opened = self._opened, None
            is_free = before is not None and not self._readers[id(before)]
        if before is not None and is_free:
            before.close()


def mark_of(file: Path) -> str:
    """Return what tells a file from those before and after it in its place."""
    try:
        found = file.stat()
    except OSError:
        return "nothing"
    return f"{found.st_ino}-{found.st_mtime_ns}"
