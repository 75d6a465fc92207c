"""Who streams into a state folder: one for each topic, none while files are removed."""

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
from filelock import FileLock, Timeout

from cinespark.errors import CineSparkError
from cinespark.files import make_folder, replace_file

JAVA_SECONDS = 60
CLOCK = 2.0  # seconds by which a process's beginning may seem to move


@contextmanager
def only_stream(
    checkpoint: Path, topic: str, on_wait: Callable[[], None]
) -> Iterator[Callable[[int], None]]:
    """Hold a topic's checkpoint, and with other streams the folder that it is in.

    Gives a function to be told which process Spark runs in. Where a stream was killed,
    its Spark ends by itself a moment later: that is waited for, as it may still write.

    Parameters
    ----------
    on_wait
        Called if `cinespark maintain` looks files over, which is waited for, too.

    Raises
    ------
    CineSparkError
        If another process streams the topic into this state folder.
    """
    make_folder(checkpoint.parent)
    lock = FileLock(checkpoint.with_name(f"{checkpoint.name}.lock"))
    holder = checkpoint.with_name(f"{checkpoint.name}.holder")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        who = read_holder(holder)
        number = f"process {who['process']}" if who else "another process"
        raise CineSparkError(
            f"{number} streams {topic} into {checkpoint.parent.parent} already: end it "
            "first, or give this one another topic or --state-dir"
        ) from error
    try:
        await_end(read_holder(holder))
        try:
            replace_file(holder, json.dumps({"process": os.getpid()}))
            with beside_maintenance(checkpoint.parent, on_wait):
                yield lambda java: replace_file(holder, json.dumps(holder_of(java)))
        finally:
            holder.unlink(missing_ok=True)
    finally:
        lock.release()


def holder_of(java: int) -> dict[str, float]:
    """Return what names this process and Spark's: numbers come again, times do not."""
    began = psutil.Process(java).create_time()
    return {"process": os.getpid(), "java": java, "began": began}


def read_holder(file: Path) -> dict[str, float]:
    """Return who holds a checkpoint or held it when it was killed; empty if unknown."""
    try:
        return dict(json.loads(file.read_text()))
    except (FileNotFoundError, ValueError):
        return {}


def await_end(held: dict[str, float]) -> None:
    """Wait until the Spark of a killed stream has ended.

    Raises
    ------
    CineSparkError
        If it does not end within a minute.
    """
    if "java" not in held:
        return
    with suppress(psutil.NoSuchProcess):
        java = psutil.Process(int(held["java"]))
        if abs(java.create_time() - held["began"]) < CLOCK:
            try:
                java.wait(JAVA_SECONDS)
            except psutil.TimeoutExpired as error:
                raise CineSparkError(
                    f"the stream was killed, and its Spark, process {java.pid}, is "
                    f"still there after {JAVA_SECONDS} s: end it (kill {java.pid})"
                ) from error


@contextmanager
def no_stream(state: Path) -> Iterator[bool]:
    """Let no stream begin, and give whether none runs in a state folder."""
    folder = state / "checkpoints"
    make_folder(folder)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        yield False
    else:
        yield True
    finally:
        os.close(descriptor)


@contextmanager
def beside_maintenance(folder: Path, on_wait: Callable[[], None]) -> Iterator[None]:
    """Hold a state folder's checkpoints with others, so that no file is looked over."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            on_wait()
            fcntl.flock(descriptor, fcntl.LOCK_SH)
        yield
    finally:
        os.close(descriptor)
