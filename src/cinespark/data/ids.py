"""What type ids are of, judged over all files of a set, and how they are read by it."""

import re
from collections.abc import Callable, Iterable, Sequence

from cinespark.data.meanings import plain
from cinespark.data.reading import Reading, column
from cinespark.data.values import MISSING, whole
from cinespark.errors import CineSparkError

ID_TYPES = ("int", "bigint", "string")
LIMITS = {"int": (-(2**31), 2**31 - 1), "bigint": (-(2**63), 2**63 - 1)}
MOST_CHARACTERS = 200
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
WHOLE = re.compile(r"\s*[+-]?\d+([.,]0{1,2})?\s*", re.ASCII)
SCIENTIFIC = re.compile(r"[+-]?\d+([.,]\d+)?[eE][+-]?\d+")
# columns whose ids are texts, even where many of them look like numbers
TEXT_IDS = ("isbn", "asin", "parentasin", "letterboxduri")


def id_reader(id_type: str, name: str) -> Callable[[str], str]:
    """Return the function that makes a landing file's id of an id as it was written.

    Whole numbers lose a decimal part of zero; texts stay as they are, without the
    spaces around them. For a text that cannot be an id it raises ValueError with the
    reason.

    Parameters
    ----------
    name
        What reasons call the column, such as userId.
    """
    if id_type != "string":
        return whole

    def text(value: str) -> str:
        value = value.strip()
        if len(value) > MOST_CHARACTERS:
            raise ValueError(
                f"{name} has {len(value)} characters, at most {MOST_CHARACTERS} are "
                "read"
            )
        if not value.isprintable() and CONTROL.search(value):  # the former is quick
            raise ValueError(f"{name} holds a control character or a line end")
        return "" if value in MISSING else value

    return text


def id_type_of(readings: Iterable[Reading], said: str | None) -> str:
    """Return the one type of all ids of users and items: int, bigint or string.

    Parameters
    ----------
    said
        What columns.yml or --ids says; else it follows from the first records.

    Raises
    ------
    CineSparkError
        If most ids of a column cannot be of the type that was said.
    """
    found = "int"
    for reading in readings:
        for meaning in ("user", "item"):
            values = ids_in(reading, meaning)
            if said is not None:
                _require_fit(reading, meaning, values, said)
            else:
                kind = _type_of_column(values, column_name(reading, meaning))
                found = max(found, kind, key=ID_TYPES.index)
    return said or found


def ids_in(reading: Reading, meaning: str) -> list[str]:
    """Return the ids in the first records of a file, without those that are missing."""
    values = column(reading, reading.sample, meaning)
    return [one for one in values if one not in MISSING]


def column_name(reading: Reading, meaning: str) -> str:
    """Return what the column of a meaning is called in a file, nothing if it is not."""
    place = reading.places.get(meaning, -1)
    return reading.names[place] if 0 <= place < len(reading.names) else ""


def _type_of_column(values: Sequence[str], name: str) -> str:
    if not values:
        return "int"
    numbers = [whole(one) for one in values if WHOLE.fullmatch(one)]
    if 2 * len(numbers) <= len(values) or plain(name) in TEXT_IDS:
        return "string"
    fitting = (one for one in LIMITS if all(_fits(number, one) for number in numbers))
    return next(fitting, "string")


def _fits(value: str, id_type: str) -> bool:
    low, high = LIMITS[id_type]
    return len(value) <= 40 and low <= int(value) <= high


def _require_fit(
    reading: Reading, meaning: str, values: Sequence[str], said: str
) -> None:
    if said == "string":
        return
    odd = [
        one for one in values if not WHOLE.fullmatch(one) or not _fits(whole(one), said)
    ]
    if 2 * len(odd) > len(values):
        raise CineSparkError(
            f"{reading.where}: ids are said to be {said}, but "
            f"{column_name(reading, meaning) or meaning} has such as {odd[0][:60]!r}: "
            "mend `ids` in columns.yml, or --ids"
        )


def require_clear_ids(reading: Reading) -> None:
    """Raise if most ids of users or items are numbers that were written wrongly."""
    for meaning in ("user", "item"):
        values = ids_in(reading, meaning)
        name = column_name(reading, meaning) or meaning
        short = [one for one in values if SCIENTIFIC.fullmatch(one)]
        if 2 * len(short) > len(values):
            raise CineSparkError(
                f"{reading.where}: {name} has ids such as {short[0]!r}, as "
                "spreadsheets and R write large numbers, and digits may be lost: "
                "write them as whole numbers"
            )
        quoted = [
            one for one in values if one[:1] == "'" and WHOLE.fullmatch(one.strip("'"))
        ]
        if 2 * len(quoted) > len(values):
            raise in_single_quotes(reading.where, name, quoted[0])


def in_single_quotes(where: str, name: str, value: str) -> CineSparkError:
    """Return the error of values that stand in single quotes."""
    return CineSparkError(
        f"{where}: {name} has values in single quotes, such as {value[:60]}, which "
        "would be taken for a part of them: write double quotes"
    )
