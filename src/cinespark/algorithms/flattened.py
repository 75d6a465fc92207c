"""Frozen dataclasses of arrays as arrays by name, and back."""

from dataclasses import fields, is_dataclass
from typing import Any, TypeVar, get_type_hints

import numpy as np
from scipy import sparse

from cinespark.algorithms.arrays import Array, Arrays

T = TypeVar("T")
SPARSE = ("data", "indices", "indptr")  # a csr_array is made of these


def flattened(part: Any) -> dict[str, Array]:
    """Return a part's fields as arrays; a sparse matrix becomes three of them."""
    arrays: dict[str, Array] = {}
    for name in (one.name for one in fields(part)):
        value = getattr(part, name)
        if isinstance(value, sparse.csr_array):
            for key in SPARSE:
                arrays[f"{name}.{key}"] = getattr(value, key)
            arrays[f"{name}.shape"] = np.array(value.shape)
        elif is_dataclass(value):
            arrays |= {f"{name}.{key}": one for key, one in flattened(value).items()}
        elif value is not None:
            arrays[name] = np.atleast_1d(value)
    return arrays


def under(prefix: str, part: Any) -> Arrays:
    """Return a part's arrays, each name after a prefix and a dot."""
    return {f"{prefix}.{name}": array for name, array in flattened(part).items()}


def below(prefix: str, arrays: Arrays) -> dict[str, Array]:
    """Return the arrays whose names start with a prefix and a dot, by what follows."""
    start = f"{prefix}."
    return {
        name.removeprefix(start): array
        for name, array in arrays.items()
        if name.startswith(start)
    }


def rebuilt(kind: type[T], arrays: Arrays) -> T:
    """Return the part of this kind that was flattened into these arrays."""
    values: dict[str, object] = {}
    for name, hint in get_type_hints(kind).items():
        inner = below(name, arrays)
        if hint is sparse.csr_array:
            shape = tuple(inner["shape"].tolist())
            values[name] = sparse.csr_array(tuple(inner[k] for k in SPARSE), shape)
        elif isinstance(hint, type) and is_dataclass(hint):
            values[name] = rebuilt(hint, inner)
        elif hint in (float, int):
            values[name] = hint(arrays[name][0])
        else:
            values[name] = arrays.get(name)
    return kind(**values)
