"""How loops over the rows of sparse matrices are compiled and divided among threads.

Each row is worked out by itself, in one order, so that the result depends neither on
the number of threads nor on how the rows are divided among them.
"""

from collections.abc import Callable
from concurrent.futures import Executor
from itertools import pairwise
from typing import TypeVar, cast

import numpy as np
from numba import boolean, float32, float64, int32, int64, njit, types, void
from numpy.typing import NDArray

F = TypeVar("F", bound=Callable[..., object])
ENTRIES_A_PART = 100_000  # about, that one thread takes at a time
# arrays that are read, one after the other in memory, and those that are written
INTS, INDICES, FLOATS = (
    types.Array(kind, 1, "C", readonly=True) for kind in (int64, int32, float64)
)
MATRIX = types.Array(float64, 2, "C", readonly=True)
INT_MATRIX, INDEX_MATRIX = (
    types.Array(kind, 2, "C", readonly=True) for kind in (int64, int32)
)
SHORT_MATRIX = types.Array(float32, 2, "A", readonly=True)  # by rows or by columns
FLAGS, SHORTS = (
    types.Array(kind, 1, "C", readonly=True) for kind in (boolean, float32)
)
NEW_INTS, NEW_FLOATS, NEW_FLAGS, NEW_SHORTS = (
    types.Array(kind, 1, "C") for kind in (int64, float64, boolean, float32)
)
NEW_MATRIX, NEW_INT_MATRIX, NEW_SHORT_MATRIX, NEW_INDEX_MATRIX = (
    types.Array(kind, 2, "C") for kind in (float64, int64, float32, int32)
)


def compiled(*arguments: types.Type, gives: types.Type = void) -> Callable[[F], F]:
    """Return a decorator: machine code that lets other threads of Python run.

    Compiled when the module of the function is imported for the first time, in some
    seconds, and read from its `__pycache__` later.
    """
    # as NumPy does, a division by 0 gives infinity or NaN
    decorator = njit(gives(*arguments), nogil=True, cache=True, error_model="numpy")
    return cast(Callable[[F], F], decorator)


def in_parts(
    starts: NDArray[np.int64], work: Callable[[int, int], None], pool: Executor
) -> None:
    """Call work(first, end) for parts of the rows with about as many entries each.

    Parameters
    ----------
    starts
        Where each row starts, and where the last one ends: `indptr` of a CSR matrix.
    """
    parts = max(1, int(starts[-1] - starts[0]) // ENTRIES_A_PART)
    shares = np.linspace(starts[0], starts[-1], parts + 1)[1:-1]
    cuts = np.unique([0, *np.searchsorted(starts, shares), len(starts) - 1])
    for done in [pool.submit(work, *part) for part in pairwise(cuts.tolist())]:
        done.result()
