"""Groups of named arrays: what a model is outside of tables."""

import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[Any]]


def arrays_sha256(*groups: Arrays) -> str:
    """Return one sum over the arrays' names, types, shapes and values."""
    digest = hashlib.sha256()
    for arrays in groups:
        for name in sorted(arrays):
            array = np.ascontiguousarray(arrays[name])
            digest.update(f"{name} {array.dtype.str} {array.shape}".encode())
            digest.update(array.data)
    return digest.hexdigest()
