"""Models for Spark's Python workers: one copy of their arrays for all of them."""

import pickle
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from pyspark import cloudpickle

from cinespark.spark_tables import is_local

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

T = TypeVar("T")
WORKER_BYTES = 100 * 2**20  # Python with NumPy, pandas, SciPy and Arrow


def to_workers(
    session: "SparkSession", thing: T, private: float, what: str
) -> Callable[[], T]:
    """Return a function by which Spark's Python workers get a thing, for reading only.

    Its arrays are written to Spark's temporary folder, which Spark removes at its end;
    workers map them into memory, which they all share. A cluster's machines do not see
    this folder: there each worker gets a copy with its work.

    Parameters
    ----------
    private
        Bytes that each worker makes for itself, besides Python.
    what
        The work, as a refusal names it.

    Raises
    ------
    CineSparkError
        If all workers together would take more memory than is free.
    """
    if not is_local(session):
        return lambda: thing
    # workers import this module, and have no need of dbt, which takes seconds
    from cinespark.train.memory import require_memory

    buffers: list[pickle.PickleBuffer] = []
    # protocol 5 hands out arrays beside what is pickled (PEP 574)
    rest = cloudpickle.dumps(  # type: ignore[no-untyped-call]
        thing, protocol=5, buffer_callback=buffers.append
    )
    arrays = [np.frombuffer(buffer.raw(), np.uint8) for buffer in buffers]
    workers = session.sparkContext.defaultParallelism
    require_memory(
        workers_bytes(workers, private, sum(array.nbytes for array in arrays)),
        f"{what} in {workers} workers of Spark",
        f"set `master: local[{max(1, workers // 2)}]` in the profile, for fewer "
        "workers, or use a machine with more memory",
    )
    place = session.sparkContext._temp_dir
    folder = Path(tempfile.mkdtemp(prefix="arrays-", dir=place))
    files = [folder / f"{number}.npy" for number in range(len(arrays))]
    for file, array in zip(files, arrays, strict=True):
        np.save(file, array)
    return partial(mapped, rest, files)


def mapped(rest: bytes, files: Sequence[Path]) -> Any:
    """Return what `to_workers` wrote, its arrays mapped into memory."""
    arrays = [np.load(file, mmap_mode="r") for file in files]
    return pickle.loads(rest, buffers=arrays)


def workers_bytes(workers: int, private: float, shared: float) -> float:
    """Return about how many bytes Python workers take together.

    Parameters
    ----------
    private
        What each of them makes for itself, besides Python.
    shared
        The arrays that they map.
    """
    return workers * (WORKER_BYTES + private) + shared
