"""Public ids and the keys of a version's models: the one border between them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from cinespark.versions.manifest import read_manifest
from cinespark.versions.open_files import version_file

ENTITIES = ("user", "movie")
UNKNOWN = -1  # no id has this key

# by entity, a table of `user_id`, in its public type, and `user_key`, or the same of
# movies; no entry where the ids are the keys
Dictionary = Mapping[str, pa.Table]


def dictionary_file(entity: str) -> str:
    """Return the name of the file in a version that holds an entity's dictionary."""
    return f"{entity}_keys.parquet"


def dictionary_in(folder: Path) -> Dictionary:
    """Return the dictionary of a folder of files, empty if it has none."""
    files = {entity: folder / dictionary_file(entity) for entity in ENTITIES}
    return {
        entity: pq.read_table(file) for entity, file in files.items() if file.exists()
    }


def dictionary_of(exports: Path, version: str) -> Dictionary:
    """Return the dictionary of a version, empty if its ids are the keys.

    Raises
    ------
    CineSparkError
        If a file of it is missing or damaged.
    """
    published = {file.path for file in read_manifest(exports, version).files}
    found = {}
    for entity in ENTITIES:
        if dictionary_file(entity) in published:
            with version_file(exports, version, dictionary_file(entity)) as file:
                found[entity] = pq.read_table(file)
    return found


def id_type_of(dictionary: Dictionary) -> str:
    """Return the type of a version's public ids: int, bigint or string."""
    if not dictionary:
        return "int"
    is_number = pa.types.is_integer(dictionary["user"].schema.field("user_id").type)
    return "bigint" if is_number else "string"


def keys_of(
    ids: Sequence[str | int] | NDArray[Any], entity: str, dictionary: Dictionary
) -> NDArray[np.int64]:
    """Return the keys of public ids, UNKNOWN of an id that the version has not seen.

    Parameters
    ----------
    ids
        Shape (n,), of the public type.
    entity
        One of ENTITIES.
    """
    if entity not in dictionary:
        return np.asarray(ids, np.int64)
    table = dictionary[entity]
    known = table[f"{entity}_id"].combine_chunks()
    places = pc.index_in(
        pa.array(list(ids), from_pandas=True).cast(known.type), value_set=known
    )
    keys = table[f"{entity}_key"].combine_chunks().cast(pa.int64()).take(places)
    return np.asarray(np.from_dlpack(keys.fill_null(UNKNOWN)), np.int64)
