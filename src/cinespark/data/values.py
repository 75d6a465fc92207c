"""Values as people write them, in the form of the landing files."""

import ast
import csv
import json
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

NO_GENRES = "(no genres listed)"
BARS_OR_COMMAS = "|,"  # commas where a value has no bar
# macros/is_missing.sql has the same
MISSING = frozenset(("", "NA", "N/A", "NaN", "nan", "NULL", "null", "None", "\\N"))
# three zeros may be those of a thousand
WHOLE_AS_DECIMAL = re.compile(r"([+-]?\d+)[.,]0{1,2}")
DECIMAL_COMMA = re.compile(r"-?\d+,\d+")
SECONDS_WITH_FRACTION = re.compile(r"(\d+)\.\d+")
ZONE = r"( ?UTC|Z| ?[+-]\d{2}(:?\d{2})?)?"
ISO = re.compile(
    rf"\d{{4}}-\d{{2}}-\d{{2}}([T ]\d{{2}}:\d{{2}}(:\d{{2}}([.,]\d+)?)?{ZONE})?"
    rf"|\d{{8}}T\d{{4}}(\d{{2}})?{ZONE}"
)
YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")
DATED = re.compile(r"\(\d{4}[^()]*\)\s*$")

# how many of each unit are a second
UNITS = {
    "seconds": 1,
    "milliseconds": 10**3,
    "microseconds": 10**6,
    "nanoseconds": 10**9,
}


def whole(value: str) -> str:
    """Return a whole number without spaces and without a decimal part of zero.

    What is none stays as it is, for staging to reject.
    """
    value = value.strip()
    if value.isdigit():
        return value
    found = WHOLE_AS_DECIMAL.fullmatch(value)
    return found[1] if found else value


def whole_or_missing(value: str) -> str:
    """Return the same, and nothing where a value stands for nothing."""
    value = whole(value)
    return "" if value in MISSING else value


def decimal(value: str) -> str:
    """Return a number without spaces."""
    return value.strip()


def decimal_with_comma(value: str) -> str:
    """Return a number whose decimal sign may be a comma, with a point."""
    return value.strip().replace(",", ".") if value.count(",") == 1 else value.strip()


def event_of(value: str, has_decimal_comma: bool) -> str:
    """Return what an event was, or how often, nothing where that is missing."""
    value = whole_or_missing(value)
    if has_decimal_comma and DECIMAL_COMMA.fullmatch(value):
        return value.replace(",", ".")
    return value


def time_in(how: str) -> Callable[[str], str]:
    """Return the function that turns times into seconds since 1970.

    It raises ValueError where a value is not of that form.

    Parameters
    ----------
    how
        One of UNITS, iso, none, or a form with % signs as Python's strptime has them;
        without a zone it is UTC.
    """
    if how == "none":
        return lambda _: "0"
    if how == "iso":
        return iso_seconds
    if "%" in how:
        return lambda value: _seconds(datetime.strptime(value.strip(), how))
    unit = UNITS[how]
    return _whole_seconds if unit == 1 else lambda value: _divided(value, unit)


def _whole_seconds(value: str) -> str:
    value = value.strip()
    if value.isdigit():
        return value
    found = SECONDS_WITH_FRACTION.fullmatch(value)
    return found[1] if found else value


def _divided(value: str, unit: int) -> str:
    found = _whole_seconds(value)
    if not found:
        return found
    number = int(found)
    if 10**8 <= number < 10**8 * unit:  # of 1970 to 1973, or of a larger unit
        raise ValueError(value)
    return str(number // unit)


def iso_seconds(value: str) -> str:
    """Return the seconds since 1970 of an ISO 8601 time; without a zone it is UTC."""
    value = value.strip()
    if not value:
        return value
    if ISO.fullmatch(value) is None:
        raise ValueError(value)
    value = re.sub(" ?UTC$", "Z", value)
    return _seconds(datetime.fromisoformat(re.sub(" (?=[+-])", "", value)))


def _seconds(moment: datetime) -> str:
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return str(int(moment.timestamp() // 1))


def title_with_year(title: str, year: str) -> str:
    """Return a title with its year behind it, unless it ends with one already."""
    found = YEAR.search(year)
    title = title.strip()
    if found is None or not title or DATED.search(title):
        return title
    return f"{title} ({found[1]})"


def genres_of(value: str, separator: str) -> str:
    """Return genres with `|` between them, from a text or a written list.

    Raises
    ------
    ValueError
        If it begins as a list and is none.
    """
    value = "" if value.strip() in MISSING else value.strip()
    if separator == BARS_OR_COMMAS:
        separator = "|" if "|" in value else ","
    names: Sequence[str]
    if value.startswith("["):
        names = _of_literal(value)
    elif value.startswith("{") and value.endswith("}"):  # as PostgreSQL writes them
        names = next(csv.reader([value[1:-1]], escapechar="\\"), [])
    else:
        names = [value] if separator == "list" else value.split(separator)
    kept = [name.strip().replace("|", "/") for name in names]
    return "|".join(name for name in kept if name and name != NO_GENRES) or NO_GENRES


def _of_literal(value: str) -> list[str]:
    """Return the names in a list, JSON's or Python's, of texts or of named objects.

    Raises
    ------
    ValueError
        If it is no such list.
    """
    try:
        try:
            found = json.loads(value)
        except ValueError:
            found = ast.literal_eval(value)
    except (ValueError, SyntaxError, MemoryError, RecursionError) as error:
        raise ValueError(value) from error
    names = [one.get("name") if isinstance(one, dict) else one for one in found]
    return [str(name) for name in names if name is not None]


def one_line(text: str) -> str:
    """Return a text on one line: a space stands for each line end."""
    if "\n" not in text and "\r" not in text:
        return text
    return re.sub(r"\s*[\r\n]+\s*", " ", text)
