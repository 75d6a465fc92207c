"""How much memory learning takes: reserved before, measured while it runs."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psutil

from cinespark.errors import CineSparkError
from dbt.adapters.sparksession.limits import cores, free_memory

THREADS = cores()
GIB = 2**30
SAMPLE_SECONDS = 0.05
# of what is free now, kept for Spark, which grows while Python learns
RESERVE = 0.2
# what takes no more than this share of what is free is estimated roughly
LITTLE = 0.05


@dataclass
class Cost:
    """What a piece of work took: seconds, and bytes above what was in use before."""

    seconds: float = 0.0
    peak_bytes: int = 0


@dataclass
class Ledger:
    """What is reserved of one kind of memory, and what was free before that."""

    kind: str
    held: list[tuple[str, float]] = field(default_factory=list)
    free_before: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)


OF_PYTHON = Ledger("memory")
OF_SPARK = Ledger("Spark's memory")  # the heap of the JVM


@contextmanager
def reserved(
    needed: float,
    what: str,
    remedy: str,
    free: Callable[[], float] = free_memory,
    ledger: Ledger = OF_PYTHON,
) -> Iterator[None]:
    """Hold memory while a piece of work goes on, or refuse work that would not fit.

    Models learn in several threads, so what others hold and have not used yet is not
    free: all of them together fit into what was free before the first of them.

    Parameters
    ----------
    needed
        Bytes, as estimated from the sizes of the arrays.
    what
        Who needs them.
    remedy
        Which var to change, and how.
    free
        Returns how many bytes of this kind are free now.

    Raises
    ------
    CineSparkError
        If less is free, `RESERVE` of it kept back.
    """
    mine = what, needed
    with ledger.lock:
        now = free()
        if not ledger.held:
            ledger.free_before = now
        others = sum(one for _, one in ledger.held)
        usable = min(now, ledger.free_before - others) * (1 - RESERVE)
        if needed > usable:
            raise CineSparkError(refusal(mine, max(0, usable), remedy, ledger))
        ledger.held.append(mine)
    try:
        yield
    finally:
        with ledger.lock:
            ledger.held.remove(mine)


def refusal(mine: tuple[str, float], usable: float, remedy: str, ledger: Ledger) -> str:
    """Return why work does not fit, and the ways out."""
    what, needed = mine
    words = (
        f"{what} needs about {needed / GIB:.1f} GiB of {ledger.kind} and "
        f"{usable / GIB:.1f} GiB can be used"
    )
    if not ledger.held:
        return f"{words}: {remedy}"
    held = ", ".join(f"{one / GIB:.1f} GiB for {what}" for what, one in ledger.held)
    return f"{words} next to {held}: run dbt with `--threads 1`, or {remedy}"


def require_memory(needed: float, what: str, remedy: str) -> None:
    """Refuse work that would not fit now, of which nobody knows when it will be done.

    Spark works when it is asked for rows, so memory for that cannot be held.

    Raises
    ------
    CineSparkError
        As `reserved` does.
    """
    with reserved(needed, what, remedy):
        pass


@contextmanager
def measured() -> Iterator[Cost]:
    """Measure a piece of work: time, and by how much this process grew meanwhile.

    What other threads of Python do at the same time counts, too. Spark's JVM does not,
    because its heap grows by gigabytes when it likes, whatever the work; nor do Spark's
    Python workers, because nothing is learnt in them.
    """
    cost, done = Cost(), threading.Event()
    before = private_bytes()

    def watch() -> None:
        while not done.wait(SAMPLE_SECONDS):
            cost.peak_bytes = max(cost.peak_bytes, private_bytes() - before)

    watcher = threading.Thread(target=watch, daemon=True)
    started = time.perf_counter()
    watcher.start()
    try:
        yield cost
    finally:
        cost.seconds = time.perf_counter() - started
        done.set()
        watcher.join()
        cost.peak_bytes = max(cost.peak_bytes, private_bytes() - before)


def private_bytes() -> int:
    """Return the memory that this process holds, without files that are mapped."""
    memory = psutil.Process().memory_info()
    return int(memory.rss - getattr(memory, "shared", 0))
