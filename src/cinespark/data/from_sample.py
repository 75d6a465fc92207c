"""What the first records of a file say of its times, genres, ids and scale."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from cinespark.data.columns_file import Said
from cinespark.data.landing import HEADERS
from cinespark.data.meanings import plain, suggestion
from cinespark.data.reading import Reading, column, prepared
from cinespark.data.records import RFC_4180, Record, strictly
from cinespark.data.values import ISO, WHOLE_AS_DECIMAL
from cinespark.errors import CineSparkError

NUMBER = re.compile(r"-?\d+(\.\d+)?")
WHOLE = re.compile(r"\s*[+-]?\d+([.,]0{1,2})?\s*")
ZONE = re.compile(r"(Z|UTC|[+-]\d\d:?\d\d)$")
# columns whose ids are texts, even where many of them look like numbers
TEXT_IDS = ("isbn", "asin", "parentasin", "letterboxduri")
SCALES = ((0, 1), (0, 5), (1, 10), (0, 10), (0, 100), (-1, 1), (-10, 10))


def with_values(
    reading: Reading, sample: Sequence[Record], said: Said, first_line: str = ""
) -> Reading:
    """Return a reading that knows how times, genres and decimals are written.

    Raises
    ------
    CineSparkError
        If that is not certain, or ids are texts.
    """
    sample = [prepared(record, reading) for record in sample]
    require_whole_ids(reading, sample)
    time, notes = "none", list(reading.notes)
    if "time" in reading.places:
        values = column(reading, sample, "time")
        time = said.time or _time(values, reading.file, reading.where)
        if time == "iso" and not any(map(ZONE.search, values)):
            notes.append("times have no zone: read as UTC")
    genres = said.genres or _genres(column(reading, sample, "genres"), reading.genres)
    if genres == "," and not said.genres:
        notes.append("genres are divided at commas")
    notes += scale_notes(column(reading, sample, "rating"), said)
    return replace(
        reading,
        time=time,
        genres=genres,
        has_decimal_comma=(said.decimal or "," * (reading.delimiter != ",")) == ",",
        is_as_landed=first_line == HEADERS.get(reading.file)
        and reading.encoding in ("utf-8", "utf-8-sig")
        and reading.delimiter == ","
        and time == ("seconds" if "time" in reading.places else "none")
        and genres == "|"
        and not any(_needs_conversion(record, reading) for record in sample),
        notes=tuple(notes),
    )


def _needs_conversion(record: Record, reading: Reading) -> bool:
    if record.fields is None:
        return False
    if '"' in record.text and strictly(record.text, ",", RFC_4180) != record.fields:
        return True
    wholes = ("user", "item", "time", "tmdb")
    ids = [reading.places[one] for one in wholes if one in reading.places]
    return any(
        len(record.fields) > place and WHOLE_AS_DECIMAL.fullmatch(record.fields[place])
        for place in ids
    )


def require_whole_ids(reading: Reading, sample: Sequence[Record]) -> None:
    """Raise if most ids of users or items are texts."""
    for meaning in ("user", "item"):
        values = column(reading, sample, meaning)
        texts = [one for one in values if not WHOLE.fullmatch(one)]
        place = reading.places.get(meaning, -1)
        name = reading.names[place] if 0 <= place < len(reading.names) else ""
        if len(texts) > len(values) / 2 or (values and plain(name) in TEXT_IDS):
            raise text_ids(reading.where, name or meaning, (texts or values)[0])


def text_ids(where: str, column: str, value: str) -> CineSparkError:
    """Return the error of ids that are texts."""
    return CineSparkError(
        f"{where}: {column} has ids that are texts, such as {value!r}, and ids must be "
        "whole numbers up to 2147483647 yet: number them, and keep the list of which "
        "is which"
    )


def _time(values: Sequence[str], file: str, where: str) -> str:
    """Return how most times are written."""
    kinds = Counter(map(time_kind, values))
    if not kinds:
        return "seconds"
    (kind, count), *others = kinds.most_common()
    mixed = [one for one, other in others if one and 10 * other >= count]
    if not kind or mixed:
        odd = next(one for one in values if time_kind(one) == (mixed or [kind])[0])
        raise CineSparkError(
            f"{where}: times such as {odd!r}{f' beside {kind}' if mixed else ''} "
            "can be read in more than one way: say how in "
            f"{suggestion(file, 'time: ...')}, with seconds, milliseconds, iso, or a "
            "form such as '%d/%m/%Y'"
        )
    return kind


def time_kind(value: str) -> str:
    """Return the unit of a time, `iso` or `` if it is neither."""
    if NUMBER.fullmatch(value):
        number = abs(float(value))
        for unit, below in (
            ("seconds", 1e11),
            ("milliseconds", 1e14),
            ("microseconds", 1e17),
        ):
            if number < below:
                return unit
    return "iso" if ISO.fullmatch(value) else ""


def _genres(values: Sequence[str], given: str) -> str:
    """Return what is between genres: a comma only where there is never a bar."""
    if given != "|" or any("|" in one for one in values):
        return given
    lists = [one for one in values if one.startswith("[")]
    if len(lists) > len(values) / 2:
        return "list"
    return "," if any("," in one for one in values) else given


def scale_notes(values: Sequence[str], said: Said) -> list[str]:
    """Return what to say of ratings that are not from 0.5 to 5."""
    texts = [one.replace(",", ".") for one in values]
    numbers = [float(one) for one in texts if NUMBER.fullmatch(one)]
    outside = [one for one in numbers if not 0.5 <= one <= 5]
    scale = said.scale
    if scale is None:
        if 20 * len(outside) <= len(numbers):
            return []
        scale = likely_scale(min(numbers), max(numbers))
    if scale == (0.5, 5.0):
        return []
    low, high = scale
    # as 4 of 0.5 to 5 is; of thumbs only the upper one
    like = high if high - low <= 2 else round(low + 0.78 * (high - low))
    return [
        f"ratings go from {low:g} to {high:g}: build with --vars "
        f"'{{rating_min: {low:g}, rating_max: {high:g}, like_threshold: {like:g}}}'"
    ]


def likely_scale(lowest: float, highest: float) -> tuple[float, float]:
    """Return the usual scale that holds these ratings, or just their range."""
    for low, high in SCALES:
        if low <= lowest and highest <= high:
            return float(low), float(high)
    return lowest, highest
