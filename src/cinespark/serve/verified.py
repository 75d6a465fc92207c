"""Sums of a version, verified by one process for all that serve it."""

import fcntl
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from cinespark.files import replace_file
from cinespark.versions.manifest import damaged_files


@dataclass(frozen=True)
class Verdict:
    """The files that are not as they were published, and how long it took to see."""

    damaged: list[str]
    seconds: float


def verified(exports: Path, name: str, mark: str, shared: Path) -> Verdict:
    """Return which files of a version are damaged; each version is read once.

    Parameters
    ----------
    mark
        Of the moment at which the version became current: verdicts of earlier ones do
        not count, as it may have been mended, or damaged.
    shared
        A folder of the processes that serve together.
    """
    verdict = shared / f"verdict-{name}-{mark}.json"
    with alone_in(shared):
        if not verdict.exists():
            for old in shared.glob("verdict-*.json"):
                old.unlink()
            begun = time.perf_counter()
            damaged = damaged_files(exports, name)
            found = Verdict(damaged, time.perf_counter() - begun)
            replace_file(verdict, json.dumps(asdict(found)))
        return Verdict(**json.loads(verdict.read_text(encoding="utf-8")))


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Wait until no other process or thread is in a folder; the kernel frees it."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
