"""What the first records of a file must be, and the way out where they are not."""

import re
from collections.abc import Sequence

from cinespark.data.ids import SCIENTIFIC, column_name, in_single_quotes
from cinespark.data.meanings import suggestion
from cinespark.data.reading import Reading, column
from cinespark.data.records import Record
from cinespark.data.values import MISSING, time_in
from cinespark.errors import CineSparkError

NUMBER = re.compile(r"-?\d+(\.\d+)?")
FEW_RATINGS = 100  # fewer may be of one kind by chance


def require_unquoted(reading: Reading, sample: Sequence[Record]) -> None:
    """Raise if most titles or tags are in single quotes."""
    for meaning in ("title", "tag"):
        values = column(reading, sample, meaning)
        quoted = [one for one in values if len(one) > 1 and one[0] == one[-1] == "'"]
        if 2 * len(quoted) > len(values):
            name = column_name(reading, meaning)
            raise in_single_quotes(reading.where, name, quoted[0])


def require_numbers(reading: Reading, ratings: Sequence[str]) -> None:
    """Raise if most ratings are no numbers."""
    present = [one for one in ratings if one not in MISSING]
    texts = [one for one in present if not _is_number(one, reading)]
    if 2 * len(texts) > len(present):
        raise CineSparkError(
            f"{reading.where}: {column_name(reading, 'rating')} has values that are no "
            f"numbers, such as {texts[0][:40]!r}: write each rating as one number, "
            "such as 4.5, or 1 and 0 for thumbs"
        )


def require_ratings(reading: Reading, ratings: Sequence[str]) -> None:
    """Raise if there is no rating at all, or if all are 1, which may be anything."""
    if "rating" not in reading.places or not any(one.fields for one in reading.sample):
        return
    present = [one for one in ratings if one not in MISSING]
    if not present:
        raise CineSparkError(
            f"{reading.where} has no rating in its first {len(reading.sample)} "
            "records: if there are events and no ratings, write `feedback: implicit` "
            "in columns.yml beside the data; if later ones have, `feedback: explicit`"
        )
    if len(present) >= FEW_RATINGS and all(
        NUMBER.fullmatch(one) and float(one) == 1 for one in present
    ):
        line = suggestion(reading.file, "scale: [0, 1]")
        raise CineSparkError(
            f"{reading.where}: the first {len(present)} ratings are all 1: if they are "
            f"thumbs, say so in {line}; if they are stars, write `scale: [0.5, 5]` "
            "there, or yours; if there are events and no ratings, write `feedback: "
            "implicit` there, or --feedback implicit"
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
