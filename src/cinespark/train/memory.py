"""How much memory learning takes: estimated before, measured while it runs."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil

from cinespark.errors import CineSparkError

THREADS = os.cpu_count() or 1
GIB = 2**30
SAMPLE_SECONDS = 0.05
# of what is free now, kept for Spark, which grows while Python learns
RESERVE = 0.2


@dataclass
class Cost:
    """What a piece of work took: seconds, and bytes above what was in use before."""

    seconds: float = 0.0
    peak_bytes: int = 0


def require_memory(needed: float, what: str, remedy: str) -> None:
    """Refuse work that would not fit into the memory that is free.

    Parameters
    ----------
    needed
        Bytes, as estimated from the sizes of the arrays.
    what
        Who needs them.
    remedy
        Which var to change, and how.

    Raises
    ------
    CineSparkError
        If less is free, `RESERVE` of it kept back.
    """
    free = psutil.virtual_memory().available * (1 - RESERVE)
    if needed > free:
        raise CineSparkError(
            f"{what} needs about {needed / GIB:.1f} GiB of memory and {free / GIB:.1f} "
            f"GiB can be used: {remedy}"
        )


@contextmanager
def measured() -> Iterator[Cost]:
    """Measure a piece of work: time, and memory of Python, here and in Spark's workers.

    What other threads of Python do at the same time counts, too. The JVM does not: its
    heap grows by gigabytes when it likes, whatever the work.
    """
    cost, done = Cost(), threading.Event()
    before = resident_bytes()

    def watch() -> None:
        while not done.wait(SAMPLE_SECONDS):
            cost.peak_bytes = max(cost.peak_bytes, resident_bytes() - before)

    watcher = threading.Thread(target=watch, daemon=True)
    started = time.perf_counter()
    watcher.start()
    try:
        yield cost
    finally:
        cost.seconds = time.perf_counter() - started
        done.set()
        watcher.join()
        cost.peak_bytes = max(cost.peak_bytes, resident_bytes() - before)


def resident_bytes() -> int:
    """Return the memory that this process and its children hold, but for the JVM."""
    me = psutil.Process()
    total = int(me.memory_info().rss)
    for child in me.children(recursive=True):
        try:
            if child.name() != "java":
                total += int(child.memory_info().rss)
        except psutil.NoSuchProcess:  # a worker of Spark that has just ended
            continue
    return total
