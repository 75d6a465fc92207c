"""Ratings to send: rows of a file in the landing layout, or lines of JSON."""

import array
import csv
import hashlib
import json
import mmap
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO
from uuid import uuid4

import numpy as np

from cinespark.errors import CineSparkError
from cinespark.topic.contract import seconds_of

COLUMNS = ("userId", "movieId", "rating", "timestamp")


@dataclass(frozen=True)
class Row:
    """A rating of a file, with its line for messages, and its time to replay by."""

    line: int
    rating: dict[str, Any]
    seconds: float | None


def rows_of(
    file: Path, is_number: bool, in_order: bool, remember: bool
) -> Iterator[Row]:
    """Return the ratings of a file.

    Parameters
    ----------
    is_number
        Whether ids of CSV are numbers.
    in_order
        Whether those of CSV come in the order of their times.
    remember
        Whether a rating has the same `event_id` each time that the file is sent.

    Raises
    ------
    CineSparkError
        If it is no such file.
    """
    try:
        with file.open(encoding="utf-8", newline="") as lines:
            head = lines.read(1)
        name = sum_of(file) if remember else uuid4().hex[:16]
        if head in ("{", ""):
            with file.open(encoding="utf-8") as lines:
                yield from json_rows(lines, str(file), name)
            return
        with file.open(encoding="utf-8", newline="") as lines:
            numbered = by_time(file, lines) if in_order else enumerate(lines, 1)
            yield from csv_rows(numbered, str(file), name, is_number)
    except UnicodeDecodeError as error:
        raise CineSparkError(
            f"{file} is not UTF-8 ({error}): bring it with `cinespark data`, and send "
            "the ratings.csv of that data set"
        ) from error
    except OSError as error:
        raise CineSparkError(
            f"{file} cannot be read ({error.strerror or error}): name a ratings.csv, a "
            "file of JSON lines, or - for the standard input"
        ) from error


def rows_of_input(lines: TextIO, is_number: bool) -> Iterator[Row]:
    """Return the ratings of the standard input, as they come."""
    first = lines.readline()
    rest = prepended(first, lines)
    name = uuid4().hex[:16]
    if first.lstrip().startswith("{") or not first:
        yield from json_rows(rest, "the standard input", name)
    else:
        numbered = enumerate(rest, 1)
        yield from csv_rows(numbered, "the standard input", name, is_number)


def prepended(first: str, lines: TextIO) -> Iterator[str]:
    yield first
    while line := lines.readline():  # as they come, and not in blocks
        yield line


def csv_rows(
    lines: Iterable[tuple[int, str]], place: str, name: str, is_number: bool
) -> Iterator[Row]:
    """Return the rows of the landing layout's ratings.csv, of numbered lines.

    A record is a line there: decision 29.
    """
    as_id: Callable[[str], int | str] = whole_or_text if is_number else str
    for number, line in lines:
        fields = next(csv.reader([line]), [])
        if number == 1:
            require_header(fields, place)
            continue
        if len(fields) != len(COLUMNS):
            raise CineSparkError(
                f"{place}, line {number} has {len(fields)} fields, not {len(COLUMNS)}: "
                "mend it"
            )
        user, movie, stars, when = fields
        rating = {
            "user_id": as_id(user),
            "movie_id": as_id(movie),
            "rating": number_or_text(stars),
            "rated_at": whole_or_text(when),
            "event_id": f"{name}-{number}",
        }
        yield Row(number, rating, seconds_in(rating))


def require_header(fields: list[str], place: str) -> None:
    if tuple(fields) != COLUMNS:
        raise CineSparkError(
            f"{place} begins with {','.join(fields)[:80]!r}, and not with "
            f"{','.join(COLUMNS)} or an object of JSON: bring your file with "
            "`cinespark data`, and send the ratings.csv of that data set"
        )


def by_time(file: Path, lines: TextIO) -> Iterator[tuple[int, str]]:
    """Return the numbered lines of a ratings.csv by the time that ends each of them.

    In memory are 24 bytes a line, of any number of lines. The header stays the first
    one, and those without a time come next, for the contract to refuse.
    """
    times, begins, at = array.array("d"), array.array("q"), 0
    with file.open("rb") as content:
        for line in content:
            text = line.rpartition(b",")[2].strip()
            times.append(float(text) if text.isdigit() else -1.0)
            begins.append(at)
            at += len(line)
    if not at:
        return
    order = np.argsort(np.frombuffer(times)[1:], kind="stable") + 1
    yield 1, lines.readline()
    with (
        file.open("rb") as content,
        mmap.mmap(content.fileno(), 0, access=mmap.ACCESS_READ) as mapped,
    ):
        for place in order:
            mapped.seek(begins[place])
            yield int(place) + 1, mapped.readline().decode()


def json_rows(lines: Iterable[str], place: str, name: str) -> Iterator[Row]:
    """Return the ratings of lines that hold an object each."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            rating = json.loads(line)
        except ValueError as error:
            raise CineSparkError(
                f"{place}, line {number} is no JSON ({error}): mend it"
            ) from error
        if not isinstance(rating, dict):
            raise CineSparkError(f"{place}, line {number} is no object: mend it")
        rating.setdefault("event_id", f"{name}-{number}")
        yield Row(number, rating, seconds_in(rating))


def seconds_in(rating: dict[str, Any]) -> float | None:
    when = rating.get("rated_at")
    if isinstance(when, str):
        return seconds_of(when)
    return when if isinstance(when, int | float) else None


def whole_or_text(text: str) -> int | str:
    """Return a whole number, or the text as it is, which the contract refuses."""
    try:
        return int(text)
    except ValueError:
        return text


def number_or_text(text: str) -> float | str:
    try:
        value = float(text)
    except ValueError:
        return text
    return int(value) if value.is_integer() else value


def sum_of(file: Path) -> str:
    """Return what stands for the content of a file."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()[:16]
