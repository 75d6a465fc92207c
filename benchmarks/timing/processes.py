"""Run a command and say what its whole process tree took: time, memory, processors.

Memory is the proportional set size: pages that processes share count once, divided
among them. It is what /proc/<pid>/smaps_rollup says (Linux), looked at a few times a
second. Processor time of a process is what it was when last looked at.
"""

import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

LOOK_SECONDS = 0.25
# looking takes the processes' locks for memory: at most this share of the time
LOOK_SHARE = 0.1
TAIL_LINES = 40


@dataclass
class Cost:
    """What a command took; memory in bytes, processor time in seconds."""

    started: float = 0.0  # seconds since 1970
    seconds: float = 0.0
    peak_bytes: int = 0  # of the tree, at the worst moment
    python_bytes: int = 0  # what was Python's at that moment
    jvm_bytes: int = 0  # and the JVM's
    python_cpu: float = 0.0
    jvm_cpu: float = 0.0
    looks: int = 0
    cpu_of: dict[int, tuple[bool, float]] = field(default_factory=dict, repr=False)

    @property
    def cpu(self) -> float:
        return self.python_cpu + self.jvm_cpu


def run(
    command: Sequence[str | Path],
    log: Path,
    cwd: Path,
    environment: Mapping[str, str],
) -> Cost:
    """Run a command to its end, its output appended to a log, and return its cost.

    Raises
    ------
    SystemExit
        If the command fails, with the end of its log.
    """
    cost = Cost(started=time.time())
    clock = time.perf_counter()
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=output, cwd=cwd, env=dict(environment)
        )
        try:
            with watched(process.pid, cost):
                code = process.wait()
                cost.seconds = time.perf_counter() - clock
        finally:
            if process.poll() is None:  # interrupted
                end(process.pid)
    if code:
        lines = log.read_text(errors="replace").splitlines()[-TAIL_LINES:]
        words = " ".join(map(str, command))
        raise SystemExit("\n".join([*lines, f"exit code {code}: {words}"]))
    return cost


def end(pid: int) -> None:
    """End a process and its descendants."""
    with suppress(psutil.NoSuchProcess):
        parent = psutil.Process(pid)
        for process in (*parent.children(recursive=True), parent):
            with suppress(psutil.NoSuchProcess):
                process.kill()


@contextmanager
def watched(pid: int, cost: Cost) -> Iterator[None]:
    """Look at a process and its descendants until the block ends."""
    done = threading.Event()

    def watch() -> None:
        pause = 0.0
        while not done.wait(pause):
            clock = time.perf_counter()
            look(pid, cost)
            took = time.perf_counter() - clock
            pause = max(LOOK_SECONDS, took / LOOK_SHARE)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()
        for is_java, seconds in cost.cpu_of.values():
            cost.jvm_cpu += seconds * is_java
            cost.python_cpu += seconds * (not is_java)
        cost.cpu_of.clear()


def look(pid: int, cost: Cost) -> None:
    """Add what a process and its descendants take now."""
    of_java, of_others = 0, 0
    with suppress(psutil.NoSuchProcess):
        parent = psutil.Process(pid)
        for process in (parent, *parent.children(recursive=True)):
            # a process may end between any two of these lines
            with suppress(psutil.Error, OSError):
                times, is_java = process.cpu_times(), process.name() == "java"
                cost.cpu_of[process.pid] = (is_java, times.user + times.system)
                size = proportional_bytes(process.pid)
                of_java += size * is_java
                of_others += size * (not is_java)
    cost.looks += 1
    if of_java + of_others > cost.peak_bytes:
        cost.peak_bytes = of_java + of_others
        cost.python_bytes, cost.jvm_bytes = of_others, of_java


def proportional_bytes(pid: int) -> int:
    """Return the proportional set size of a process, 0 for one that has ended."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    sizes = (line.split()[1] for line in text.splitlines() if line.startswith("Pss:"))
    return sum(int(size) * 1024 for size in sizes)
