"""Ids of users and movies as people send them, and as a version has them."""

import re
from collections.abc import Sequence

import numpy as np

from cinespark.algorithms.ratings import Ids
from cinespark.versions.keys import UNKNOWN

PublicId = int | str
IS_NUMBER = re.compile(r"-?\d{1,19}", re.ASCII)
MOST = {"int": 2**31 - 1, "bigint": 2**63 - 1}  # as the macro `value_reason` has it
LONGEST = 200  # characters of an id that is a text, as `id_reasons` has it
# what is no text in UTF-8, and what `holds_control_character` finds
IS_ODD = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\ud800-\udfff]")


def id_of_text(text: str, id_type: str) -> PublicId | None:
    """Return the id that a part of an address names, None if there is none such.

    Parameters
    ----------
    id_type
        As the version has it: int, bigint or string.
    """
    if id_type == "string":
        return text if is_id(text, id_type) else None
    number = int(text) if IS_NUMBER.fullmatch(text) else None
    return number if is_id(number, id_type) else None


def is_id(value: object, id_type: str) -> bool:
    """Return whether a value of JSON is an id of the type that the version has."""
    if id_type == "string":
        return (
            isinstance(value, str)
            and 0 < len(value) <= LONGEST
            and value == value.strip(" ")
            and not IS_ODD.search(value)
        )
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return is_number and abs(int(value)) <= MOST[id_type]  # type: ignore[call-overload]


def keys_in(ids: Sequence[PublicId], known: dict[PublicId, int], id_type: str) -> Ids:
    """Return the keys of ids, UNKNOWN of those that the version has not seen.

    Parameters
    ----------
    known
        Keys of those that it has.
    """
    if id_type == "int":  # an id is its own key, wherever it is known
        return np.array(ids, np.int64)
    return np.array([known.get(one, UNKNOWN) for one in ids], np.int64)
