"""What the first records of a file must be, and the way out where they are not."""

import re
from collections.abc import Sequence

from cinespark.data.meanings import plain
from cinespark.data.reading import Reading, column
from cinespark.data.records import Record
from cinespark.data.values import MISSING, time_in
from cinespark.errors import CineSparkError

NUMBER = re.compile(r"-?\d+(\.\d+)?")
WHOLE = re.compile(r"\s*[+-]?\d+([.,]0{1,2})?\s*")
SCIENTIFIC = re.compile(r"[+-]?\d+([.,]\d+)?[eE][+-]?\d+")
# columns whose ids are texts, even where many of them look like numbers
TEXT_IDS = ("isbn", "asin", "parentasin", "letterboxduri")


def require_whole_ids(reading: Reading, sample: Sequence[Record]) -> None:
    """Raise if most ids of users or items are texts."""
    for meaning in ("user", "item"):
        values = column(reading, sample, meaning)
        texts = [one for one in values if not WHOLE.fullmatch(one)]
        name = _name(reading, meaning)
        if len(texts) > len(values) / 2 or (values and plain(name) in TEXT_IDS):
            raise text_ids(reading.where, name or meaning, (texts or values)[0])


def _name(reading: Reading, meaning: str) -> str:
    place = reading.places.get(meaning, -1)
    return reading.names[place] if 0 <= place < len(reading.names) else ""


def text_ids(where: str, column: str, value: str) -> CineSparkError:
    """Return the error of ids that are texts."""
    if value[:1] == "'" and WHOLE.fullmatch(value.strip("'")):
        return _single_quotes(where, column, value)
    if SCIENTIFIC.fullmatch(value):
        return CineSparkError(
            f"{where}: {column} has ids such as {value!r}, as spreadsheets and R write "
            "large numbers, and digits may be lost: write them as whole numbers"
        )
    return CineSparkError(
        f"{where}: {column} has ids that are texts, such as {value!r}, and ids must be "
        "whole numbers up to 2147483647 yet: number them, and keep the list of which "
        "is which"
    )


def _single_quotes(where: str, column: str, value: str) -> CineSparkError:
    return CineSparkError(
        f"{where}: {column} has values in single quotes, such as {value[:60]}, which "
        "would be taken for a part of them: write double quotes"
    )


def require_unquoted(reading: Reading, sample: Sequence[Record]) -> None:
    """Raise if most titles or tags are in single quotes."""
    for meaning in ("title", "tag"):
        values = column(reading, sample, meaning)
        quoted = [one for one in values if len(one) > 1 and one[0] == one[-1] == "'"]
        if 2 * len(quoted) > len(values):
            raise _single_quotes(reading.where, _name(reading, meaning), quoted[0])


def require_numbers(reading: Reading, ratings: Sequence[str]) -> None:
    """Raise if most ratings are no numbers."""
    present = [one for one in ratings if one not in MISSING]
    texts = [one for one in present if not _is_number(one, reading)]
    if 2 * len(texts) > len(present):
        raise CineSparkError(
            f"{reading.where}: {_name(reading, 'rating')} has values that are no "
            f"numbers, such as {texts[0][:40]!r}: write each rating as one number, "
            "such as 4.5, or 1 and 0 for thumbs"
        )


def _is_number(value: str, reading: Reading) -> bool:
    value = value.replace(",", ".") if reading.has_decimal_comma else value
    return NUMBER.fullmatch(value) is not None or bool(SCIENTIFIC.fullmatch(value))


def require_time(reading: Reading, values: Sequence[str], how: str) -> None:
    """Raise if no time is written as it was said."""
    if how == "none" or not values:
        return
    to_seconds = time_in(how)
    for value in values:
        try:
            if NUMBER.fullmatch(to_seconds(value)):
                return
        except (ValueError, OverflowError):
            continue
    raise CineSparkError(
        f"{reading.where}: times are said to be {how}, but they are such as "
        f"{values[0]!r}: mend `time` in columns.yml, or --time"
    )
