"""What the first records of a file say of its times, genres and scale."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from cinespark.data.columns_file import Said
from cinespark.data.converting import landing_header, row_maker
from cinespark.data.ids import require_clear_ids
from cinespark.data.meanings import EVENTS, MEANINGS, suggestion
from cinespark.data.reading import Reading, column, prepared
from cinespark.data.records import RFC_4180, Record, strictly
from cinespark.data.sample_checks import (
    NUMBER,
    require_numbers,
    require_ratings,
    require_time,
    require_unquoted,
)
from cinespark.data.scales import scale_of
from cinespark.data.values import BARS_OR_COMMAS, ISO, MISSING
from cinespark.errors import CineSparkError

ZONE = re.compile(r"(Z|UTC|[T ]\d\d.*[+-]\d\d(:?\d\d)?)$")
# numbers that are rather days than seconds of 1970, each with its form
DAYS = (
    (re.compile(r"(19|20)\d\d"), "%Y"),
    (re.compile(r"(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])"), "%Y%m%d"),
    (
        re.compile(
            r"(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])[0-2]\d([0-5]\d){2}"
        ),
        "%Y%m%d%H%M%S",
    ),
    (re.compile(r"[2-7]\d{4}(\.\d+)?"), ""),  # Excel's, since 1900
)
DECIMAL_COMMA = re.compile(r"-?\d+,\d{1,2}")


def with_values(
    reading: Reading, sample: Sequence[Record], said: Said, first_line: str = ""
) -> Reading:
    """Return a reading that knows how times, genres and decimals are written.

    Raises
    ------
    CineSparkError
        If that is not certain.
    """
    sample = tuple(prepared(record, reading) for record in sample)
    reading = replace(reading, sample=sample, first_line=first_line)
    if said.ids is None:
        require_clear_ids(reading)
    require_unquoted(reading, sample)
    time, notes = "none", list(reading.notes)
    if "time" in reading.places:
        values = [one for one in column(reading, sample, "time") if one not in MISSING]
        if said.time:
            require_time(reading, values, said.time)
        elif any(record.fields for record in sample) and not values:
            raise CineSparkError(
                f"{reading.where} has no time in its first {len(sample)} records: say "
                f"that there is none, in {suggestion(reading.file, 'time: none')}, or "
                "how later ones are written, with seconds, iso or a form"
            )
        time = said.time or _time(values, reading.file, reading.where)
        zoned = [bool(ZONE.search(one)) for one in values if ISO.fullmatch(one)]
        if time == "iso" and not all(zoned):
            some = "some " if any(zoned) else ""
            notes.append(f"{some}times have no zone: read as UTC")
    genres, genre_notes = _genres(column(reading, sample, "genres"), reading, said)
    ratings = column(reading, sample, "rating")
    decimals = ratings or column(reading, sample, "relevance")
    reading = replace(
        reading,
        time=time,
        genres=genres,
        has_decimal_comma=_has_decimal_comma(decimals, reading, said),
    )
    require_numbers(reading, ratings)
    if said.feedback is None and said.scale is None:
        require_ratings(reading, ratings)
    is_explicit = reading.file == "ratings.csv" and reading.feedback == "explicit"
    scale, scale_notes = scale_of(ratings, said.scale) if is_explicit else (None, [])
    return replace(reading, scale=scale, notes=(*notes, *genre_notes, *scale_notes))


def _has_decimal_comma(decimals: Sequence[str], reading: Reading, said: Said) -> bool:
    if said.decimal or reading.delimiter != ",":
        return said.decimal != "."
    # in quotes, as spreadsheets write them
    found = [one for one in decimals if DECIMAL_COMMA.fullmatch(one)]
    return 2 * len(found) > len(decimals)


def is_in_landing_layout(reading: Reading) -> bool:
    """Return whether a file is in the landing layout, so that it can be copied."""
    header = landing_header(reading)
    if header != reading.first_line or reading.delimiter != ",":
        return False
    meanings = MEANINGS[reading.file][: len(header.split(","))]
    if reading.feedback == "implicit" and reading.file == "ratings.csv":
        meanings = MEANINGS[EVENTS]
    return (
        reading.encoding in ("utf-8", "utf-8-sig")
        and reading.places == {one: place for place, one in enumerate(meanings)}
        and reading.time in ("seconds", "none")
        and reading.genres == "|"
        and not any(_needs_conversion(record, reading) for record in reading.sample)
    )


def _needs_conversion(record: Record, reading: Reading) -> bool:
    """Return whether conversion changes quotes or numbers of a record."""
    if record.fields is None:
        return False
    if '"' in record.text and strictly(record.text, ",", RFC_4180) != record.fields:
        return True
    try:
        row = row_maker(reading)(record.fields)
    except ValueError:
        return reading.ids == "string"  # staging knows less of what an id may be
    texts = ("title", "genres", "tag", "gender", "occupation", "zip")
    numbers = [place for one, place in reading.places.items() if one not in texts]
    return any(row[place] != record.fields[place] for place in numbers)


def _time(values: Sequence[str], file: str, where: str) -> str:
    """Return how most times are written."""
    kinds = Counter(map(time_kind, values))
    if not kinds:
        return "seconds"
    (kind, count), *others = kinds.most_common()
    mixed = [one for one, other in others if one and 10 * other >= count]
    if kind and not mixed:
        return kind
    wanted = mixed[0] if kind else ""
    odd = next(one for one in values if time_kind(one) == wanted)
    form = next((form for days, form in DAYS if days.fullmatch(odd)), "%d/%m/%Y")
    way = f"or a form such as {form!r}"
    if not form:
        way = "or, if they are a spreadsheet's days, write them as yyyy-mm-dd there"
    raise CineSparkError(
        f"{where}: times such as {odd!r}{f' beside {kind}' if kind else ''} "
        "can be read in more than one way: say how in "
        f"{suggestion(file, 'time: ...')}, with seconds, milliseconds, iso, {way}"
    )


def time_kind(value: str) -> str:
    """Return the unit of a time, `iso` or `` if it is neither, or may be a day."""
    if any(days.fullmatch(value) for days, _ in DAYS):
        return ""
    if NUMBER.fullmatch(value):
        number = abs(float(value))
        for unit, below in (
            ("seconds", 1e11),
            ("milliseconds", 1e14),
            ("microseconds", 1e17),
            ("nanoseconds", 1e20),
        ):
            if number < below:
                return unit
    return "iso" if ISO.fullmatch(value) else ""


def _genres(
    values: Sequence[str], reading: Reading, said: Said
) -> tuple[str, list[str]]:
    """Return what is between genres, and what to say of it.

    It is a comma only where there is no bar; other signs are asked for.
    """
    given = said.genres or reading.genres
    if said.genres or given != "|" or any("|" in one for one in values):
        return given, []
    if 2 * sum(one.startswith(("[", "{")) for one in values) > len(values):
        return "list", []
    if any("," in one for one in values):
        return BARS_OR_COMMAS, ["genres are divided at commas"]
    for sign in (";", "/"):
        odd = [one for one in values if sign in one]
        if odd:
            line = suggestion(reading.file, f"genres: '{sign}'")
            return given, [
                f"genres such as {odd[0]!r} are one each; if not, say so in {line}"
            ]
    return given, []
