"""The records of a file of texts: divided into fields rightly, or with what is wrong.

A record is a line, or the lines that quotes hold together.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import BinaryIO, NamedTuple

from cinespark.data.encodings import not_utf8
from cinespark.errors import CineSparkError

RFC_4180, BACKSLASH = "double", "backslash"
# the ways of writing quotes that are tried, in order
DIALECTS = {
    "both": (RFC_4180, BACKSLASH),
    "double": (RFC_4180,),
    "backslash": (BACKSLASH, RFC_4180),
}
QUOTES = (*DIALECTS, "none")
LATE_QUOTE = re.compile(' +"')
UNPAIRED = "quotes that do not pair"
UNCLEAR = "a quote after a backslash"
# a record longer than this is a quote that was never closed
MOST_LINES = 100
# after so many such quotes in a file lines are no longer joined
MOST_OPEN_QUOTES = 200
# Python's limit of 128 kB would be met by a long text, and look like a lost quote
csv.field_size_limit(1 << 30)


class Record(NamedTuple):
    """One record; `fields` is None where `problem` says why it cannot be divided."""

    line: int
    text: str
    fields: list[str] | None
    problem: str | None = None


def divided(text: str, delimiter: str, quotes: str) -> list[str] | str:
    """Return the fields of a record, or what is wrong with its quotes.

    Quotes are doubled inside quotes (RFC 4180), or, where that does not fit, have a
    backslash before them, as Spark and MySQL write them. What both could mean, and
    mean differently, is refused. Spaces may stand before quotes.
    """
    if is_plain(text, delimiter, quotes):
        return text.split(delimiter)
    found = _in_dialects(text, delimiter, quotes)
    if _spaced(delimiter).search(text) and (
        found == UNPAIRED or any(LATE_QUOTE.match(field) for field in found)
    ):
        other = _in_dialects(text, delimiter, quotes, is_spaced=True)
        return other if isinstance(other, list) else found
    return found


def _in_dialects(
    text: str, delimiter: str, quotes: str, is_spaced: bool = False
) -> list[str] | str:
    for dialect in DIALECTS[quotes]:
        fields = strictly(text, delimiter, dialect, is_spaced)
        if fields is None:
            continue
        if any('\\"' in field for field in fields):
            other = strictly(text, delimiter, BACKSLASH)
            if quotes == "double" or other is None or len(other) != len(fields):
                return UNCLEAR
            return other
        return fields
    return UNPAIRED


def is_plain(text: str, delimiter: str, quotes: str) -> bool:
    """Return whether a record has neither quotes nor escapes that mean anything."""
    if quotes == "none" or len(delimiter) > 1:
        return True
    return '"' not in text and (quotes != BACKSLASH or "\\" not in text)


def strictly(
    text: str, delimiter: str, dialect: str, is_spaced: bool = False
) -> list[str] | None:
    """Return the fields of a record in one way of writing quotes, None if it is not.

    With `is_spaced` the spaces at the start of a field are none of it.
    """
    if dialect == BACKSLASH and not _backslashed(delimiter, is_spaced).fullmatch(text):
        return None  # Python's csv is not strict about these
    try:
        rows = list(
            csv.reader(
                io.StringIO(text, newline=""),
                delimiter=delimiter,
                strict=True,
                doublequote=dialect == RFC_4180,
                escapechar="\\" if dialect == BACKSLASH else None,
                skipinitialspace=is_spaced,
            )
        )
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None


@cache
def _spaced(delimiter: str) -> re.Pattern[str]:
    """Return what is found in a record that has spaces before the quotes of a field."""
    return re.compile(rf'(?:^|{re.escape(delimiter)}) +"')


@cache
def _backslashed(delimiter: str, is_spaced: bool) -> re.Pattern[str]:
    """Return what a record matches whose quotes inside quotes have a backslash."""
    end, spaces = re.escape(delimiter), " *" if is_spaced else ""
    quoted = rf'{spaces}"[^"\\]*(?:\\.[^"\\]*)*"'
    one = rf'(?:{quoted}|(?!{spaces}")[^{end}]+|)'
    return re.compile(f"{one}(?:{end}{one})*", re.DOTALL)


def lines_of(stream: BinaryIO, encoding: str, where: str) -> Iterator[str]:
    """Yield the lines of a stream, without line ends: LF, CR and CR LF are one each.

    Byte order marks are left out, also where files were joined.

    Raises
    ------
    CineSparkError
        If bytes are not of the encoding.
    """
    line = 0
    with io.TextIOWrapper(stream, encoding) as texts:
        try:
            for line, text in enumerate(texts, start=1):  # noqa: B007
                yield text.rstrip("\n").lstrip("\ufeff")
        except UnicodeDecodeError as error:
            # the buffer may hold many lines: those before the bad one are in it, too
            number = line + error.object[: error.start].count(b"\n") + 1
            if encoding.startswith("utf-8"):
                raise not_utf8(where, number, error.object[error.start]) from error
            raise CineSparkError(
                f"{where} cannot be read as {encoding} ({error.reason} near line "
                f"{number}): name another with `--encoding`"
            ) from error


def records_of(
    lines: Iterable[str], delimiter: str, quotes: str, count: int
) -> Iterator[Record]:
    """Yield the records of lines; blank lines are none.

    Parameters
    ----------
    count
        How many fields a record should have: lines are held together by quotes only
        if that gives so many, else each is a record of its own.
    """
    ahead = _Ahead(lines)
    open_quotes = 0
    for line in ahead:
        number = ahead.number
        if not line or line.isspace():
            continue
        if is_plain(line, delimiter, quotes):
            yield Record(number, line, line.split(delimiter))
            continue
        fields = divided(line, delimiter, quotes)
        if fields != UNPAIRED:
            yield _record(number, line, fields)
            continue
        joined = None
        if open_quotes < MOST_OPEN_QUOTES:
            joined = _joined(line, ahead, delimiter, quotes, count)
            open_quotes += joined is None
        yield joined or Record(number, line, None, UNPAIRED)


def _record(number: int, text: str, fields: list[str] | str) -> Record:
    if isinstance(fields, str):
        return Record(number, text, None, fields)
    return Record(number, text, fields)


class _Ahead:
    """Lines with their numbers, some of which may be looked at before their turn."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = iter(lines)
        self.waiting: list[str] = []
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        while self.peek(1):
            self.number += 1
            yield self.waiting.pop(0)

    def peek(self, count: int) -> list[str]:
        """Return up to so many of the next lines; they stay the next ones."""
        while len(self.waiting) < count:
            line = next(self.lines, None)
            if line is None:
                break
            self.waiting.append(line)
        return self.waiting[:count]

    def take(self, count: int) -> None:
        del self.waiting[:count]
        self.number += count


def _joined(
    first: str, ahead: _Ahead, delimiter: str, quotes: str, count: int
) -> Record | None:
    """Return the record that quotes make of a line and those after it, if they do."""
    number, text = ahead.number, first
    for more in range(1, MOST_LINES):
        waiting = ahead.peek(more)
        # a line that is a record of its own was not meant to be in quotes
        if len(waiting) < more or len(waiting[-1].split(delimiter)) == count:
            return None
        text += "\n" + waiting[-1]
        if '"' not in waiting[-1]:
            continue
        fields = divided(text, delimiter, quotes)
        if isinstance(fields, list):
            if len(fields) != count:
                return None
            ahead.take(more)
            return Record(number, text, fields)
    return None
