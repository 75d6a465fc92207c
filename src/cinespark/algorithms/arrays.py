"""A model's serialised arrays: groups of arrays by name, and one sum over them."""

import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Arrays = Mapping[str, Array]


def arrays_sha256(*groups: Arrays) -> str:
    """Return one sum over the arrays' names, types, shapes and values."""
    digest = hashlib.sha256()
    for arrays in groups:
        for name in sorted(arrays):
            array = np.ascontiguousarray(arrays[name])
            digest.update(f"{name} {array.dtype.str} {array.shape}".encode())
            digest.update(array.data)
    return digest.hexdigest()
