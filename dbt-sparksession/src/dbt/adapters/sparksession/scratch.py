"""What Spark and Java leave behind: a folder of each process's own.

A folder is held by an exclusive `flock` while its process lives. The kernel ends that
with the process, however it dies, and the next one that starts removes the folder.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from dbt.adapters.sparksession.jvm import quoted
from dbt.adapters.sparksession.locks import make_folder

_held: list[int] = []  # until the process ends


def keep_scratch(state_dir: Path) -> Path:
    """Return a new folder that is this process's until it ends."""
    folder, descriptor = _take(state_dir / "scratch")
    _held.append(descriptor)
    return folder


@contextmanager
def scratch(state_dir: Path) -> Iterator[Path]:
    """Give a new folder for a while, and remove it."""
    folder, descriptor = _take(state_dir / "scratch")
    try:
        yield folder
    finally:
        _remove(folder)
        os.close(descriptor)


def scratch_settings(folder: Path, of_session_catalog: Path) -> dict[str, str]:
    """Return the settings of Spark that keep what is for one process in its folder.

    Parameters
    ----------
    of_session_catalog
        The folder for the files of Spark's session catalog, `spark_catalog`.
    """
    java = {"java.io.tmpdir": folder, "derby.system.home": of_session_catalog}
    return {
        "spark.local.dir": str(folder),
        "spark.checkpoint.dir": f"{folder}/checkpoints",
        "spark.sql.warehouse.dir": f"{of_session_catalog}/spark-warehouse",
        "spark.hadoop.hadoop.tmp.dir": f"{folder}/hadoop",
        # apart from extraJavaOptions, which a profile may replace
        "spark.driver.defaultJavaOptions": quoted(
            *(f"-D{name}={value}" for name, value in java.items())
        ),
    }


def _take(place: Path) -> tuple[Path, int]:
    """Make a folder in a place, hold it, and remove those that nobody holds."""
    make_folder(place)
    while True:
        folder = Path(mkdtemp(dir=place, prefix=f"{os.getpid()}-"))
        descriptor = _hold(folder)
        if descriptor is not None:
            break
    for other in place.iterdir():
        dead = _hold(other)
        if dead is not None:
            _remove(other)
            os.close(dead)
    return folder, descriptor


def _hold(folder: Path) -> int | None:
    """Return a descriptor that holds a folder, or none if it is held or gone."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except (FileNotFoundError, NotADirectoryError):  # swept just now, or no folder
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    if not folder.is_dir():  # swept between both
        os.close(descriptor)
        return None
    return descriptor


def _remove(folder: Path) -> None:
    """Remove a folder; what an ending JVM writes meanwhile, the next one sweeps."""
    shutil.rmtree(folder, ignore_errors=True)
