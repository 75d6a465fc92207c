"""The line of a file that names its columns: where it is, and what divides it."""

import re
from collections.abc import Sequence

from cinespark.data.columns_file import DELIMITERS, Said
from cinespark.data.landing import ALL_HEADERS, or_leave_out
from cinespark.data.meanings import NEEDED, PAIRS, known_meanings, suggestion
from cinespark.data.records import records_of
from cinespark.data.sample_checks import NUMBER
from cinespark.data.values import ISO
from cinespark.errors import CineSparkError

WORDS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "pipes", "::": "`::`"}
# the line by which Excel is told what divides the fields
SEPARATOR = re.compile(r'"?sep=(.)"?[,;\t]*', re.IGNORECASE)
# a header is looked for in so many lines
MOST_LINES_ABOVE = 30


def without_preamble(lines: list[str]) -> tuple[list[str], int, str | None]:
    """Return the lines, that of the header, and the delimiter that Excel is told.

    Blank lines and Excel's `sep=;` may be before the header; the latter is blank then.
    """
    between = None
    for place, line in enumerate(lines):
        found = SEPARATOR.fullmatch(line.strip(" "))
        if found and found[1] in DELIMITERS.values():
            between = found[1]
            lines = [*lines[:place], "", *lines[place + 1 :]]
        elif line.strip():
            return lines, place, between
    return lines, 0, between


def header_of(file: str) -> str:
    return ALL_HEADERS.get(file, "user_id,movie_id")


def names_in(line: str, delimiter: str, quotes: str) -> list[str]:
    """Return the names in a header."""
    found = next(records_of([line], delimiter, quotes, 0), None)
    fields = line.split(delimiter) if found is None else found.fields
    return [name.strip() for name in fields or line.split(delimiter)]


def likely_delimiter(line: str, file: str, quotes: str, said: Said) -> str:
    """Return the delimiter that makes most columns of a header known."""

    def known(delimiter: str) -> tuple[int, int]:
        names = names_in(line, delimiter, quotes)
        count = len(known_meanings(names, file))
        count += sum(name in names for name in said.columns.values())
        return count, len(names)

    return max(("::", "\t", ";", "|", ","), key=known)


def require_no_header(line: str, file: str, where: str, said: Said) -> None:
    """Raise if a file has a header whose columns were said to be without one."""
    names = names_in(
        line, said.delimiter or likely_delimiter(line, file, "both", said), "both"
    )
    if len(known_meanings(names, file)) >= 2:
        raise CineSparkError(
            f"{where} has the header {line[:100]!r}, and a list of columns in "
            "columns.yml is for a file without one: leave the list out, or name "
            "columns as `columns: {user: NAME}`"
        )


def require_header(
    names: Sequence[str],
    delimiter: str,
    lines: Sequence[str],
    file: str,
    where: str,
    said: Said,
) -> None:
    """Raise if the first line names no columns, saying where they are if they are."""
    known = known_meanings(names, file)
    first = next((place for place, line in enumerate(lines) if line.strip()), 0)
    needed = [one for one in NEEDED[file] if one not in ("time", "rating")]
    if said.columns or all(one in known for one in needed):
        return
    line = lines[first]
    for place in range(first + 1, min(len(lines), MOST_LINES_ABOVE)):
        between = likely_delimiter(lines[place], file, "both", said)
        later = known_meanings(names_in(lines[place], between, "both"), file)
        if all(one in later for one in needed):
            raise CineSparkError(
                f"{where} has its header in line {place + 1} ({lines[place][:100]!r}), "
                f"below others such as {line[:60]!r}: remove those above it"
            )
    other = likely_delimiter(line, file, "both", said)
    if other != delimiter and known_meanings(names_in(line, other, "both"), file):
        raise CineSparkError(
            f"{where} is said to have {WORDS[delimiter]} between its fields, but its "
            f"first line has {WORDS[other]} ({line[:60]!r}): mend `delimiter` in "
            "columns.yml, where each file may have its own, or --delimiter"
        )
    if known or _names_columns(names, lines[first + 1 :], len(needed)):
        return
    _raise_no_header(lines, first, file, where)


def _names_columns(names: Sequence[str], below: Sequence[str], count: int) -> bool:
    """Return whether a line is a header of names that are not known."""
    has_numbers = any(re.search(r"\d", line) for line in below[:1])
    has_values = any(
        not name or NUMBER.fullmatch(name) or ISO.fullmatch(name) for name in names
    )
    return len(names) >= count and has_numbers and not has_values


def _raise_no_header(lines: Sequence[str], first: int, file: str, where: str) -> None:
    line = lines[first]
    count = max(
        len(names_in(line, between, "both")) for between in ("::", "\t", ";", "|", ",")
    )
    more = ["'-'"] * (count - len(NEEDED[file]))
    order = suggestion(file, f"columns: [{', '.join([*NEEDED[file], *more])}]")
    way = "" if file == PAIRS else f", or name the columns in order in {order}"
    if more and way:
        way += ", with '-' where one is of no use"
        way += ", and event for rating if there are events" if "rating" in order else ""
    raise CineSparkError(
        f"{where} starts with the line {line[:100]!r}, but a header such as "
        f"{header_of(file)!r} is expected: make that its first line{way}"
        f"{or_leave_out(file)}"
    )
