"""Convert what was brought to a landing file: one line for each record."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import TextIO

from cinespark.data import values
from cinespark.data.headers import SEPARATOR
from cinespark.data.ids import id_reader
from cinespark.data.landing import ALL_HEADERS, EVENTS
from cinespark.data.parts import opened
from cinespark.data.reading import Reading, prepared
from cinespark.data.records import Record, lines_of, records_of
from cinespark.errors import CineSparkError

# a record that cannot be converted lands as this sign, the reason, a tab and its text,
# and staging rejects it for that reason
REJECTED = "!"
IS_WHOLE = re.compile(r"-?\d+", re.ASCII)

Row = list[str]


def convert(reading: Reading, target: Path) -> None:
    """Write the records of a file as a landing file, in constant memory.

    A value that is not as it should be stays as it is, for staging to reject.

    Raises
    ------
    CineSparkError
        If it cannot be read to its end.
    """
    with target.open("w", encoding="utf-8", newline="") as file:
        file.write(f"{landing_header(reading)}\n")
        write_lines(reading, file)


def landing_header(reading: Reading) -> str:
    """Return the header of the landing file, nothing if it is for none."""
    if reading.file == "ratings.csv" and reading.feedback == "implicit":
        return EVENTS
    return ALL_HEADERS.get(reading.file, "")


def write_lines(reading: Reading, file: TextIO, most: int | None = None) -> None:
    """Write the landing lines of a file, all or only the first."""
    make = row_maker(reading)
    is_id = bool if reading.ids == "string" else IS_WHOLE.fullmatch
    seen: set[str] = set()
    untitled: dict[str, Row] = {}
    writer = csv.writer(file, lineterminator="\n")
    # a line that begins with REJECTED is one that was
    quoting = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)
    for record in islice(records_in(reading), most):
        ready = prepared(record, reading)
        row, reason = None, ready.problem or ""
        if ready.fields is not None:
            try:
                row = make(ready.fields)
            except ValueError as error:
                reason = str(error)
        if reading.is_distinct:
            if row is None or row[0] in seen or not is_id(row[0]):
                continue
            if not row[1]:  # a later record may have a title
                untitled.setdefault(row[0], row)
                continue
            seen.add(row[0])
        if row is None:
            file.write(rejected(record, reason))
        elif row[0].startswith(REJECTED):
            quoting.writerow(map(values.one_line, row))
        elif "\n" in record.text or "\r" in record.text:
            writer.writerow(map(values.one_line, row))
        else:
            writer.writerow(row)
    for item, row in untitled.items():
        if item not in seen:
            writer.writerow([item, item, *row[2:]])


def rejected(record: Record, reason: str) -> str:
    """Return the landing line of a record that cannot be converted."""
    shown, text = map(values.one_line, (reason.replace("\t", " "), record.text))
    return f"{REJECTED}{shown}\t{text}\n"


def records_in(reading: Reading) -> Iterator[Record]:
    """Yield the records of all parts of a file, in order.

    Raises
    ------
    CineSparkError
        If parts have other headers, or a header comes again.
    """
    if reading.parts[0].is_parquet:
        from cinespark.data.parquet import parquet_records

        yield from parquet_records(reading.parts)
        return
    for part in reading.parts:
        with opened(part) as stream:
            lines = lines_of(stream, reading.encoding, str(part))
            if reading.records is not None:
                yield from reading.records(lines)
                continue
            records = records_of(
                lines, reading.delimiter, reading.quotes, len(reading.names)
            )
            if not reading.has_header:
                yield from records
                continue
            header = next(records, None)
            if header is not None and SEPARATOR.fullmatch(header.text.strip(" ")):
                header = next(records, None)
            names = (
                [] if header is None else [one.strip() for one in header.fields or ()]
            )
            if header is not None and tuple(names) != reading.names:
                raise CineSparkError(
                    f"{part} has the header {header.text[:100]!r}, but that of "
                    f"{reading.where} has {', '.join(reading.names)}: parts of one "
                    "file have one header"
                )
            for record in records:
                if record.fields == names:
                    raise CineSparkError(
                        f"{part} holds the header {record.text[:100]!r} again in line "
                        f"{record.line}, as if files had been joined: keep only the "
                        "first one"
                    )
                yield record


def row_maker(reading: Reading) -> Callable[[Row], Row]:
    """Return the function that makes the fields of a landing line of a record's fields.

    It raises ValueError with the reason where a field cannot be converted.
    """
    return {
        "ratings.csv": _ratings if reading.feedback == "explicit" else _events,
        "movies.csv": _movies,
        "tags.csv": _tags,
        "links.csv": _links,
        "users.csv": _users,
        "genome-scores.csv": _genome_scores,
        "genome-tags.csv": _genome_tags,
    }[reading.file](reading)


def _getter(reading: Reading, meaning: str) -> Callable[[Row], str]:
    place = reading.places.get(meaning)
    return (lambda _: "") if place is None else (lambda fields: fields[place])


def _id(reading: Reading, meaning: str) -> Callable[[Row], str]:
    """Return the function that takes an id out of fields."""
    read = id_reader(reading.ids, {"user": "userId", "item": "movieId"}[meaning])
    place = reading.places.get(meaning)
    return (lambda _: "") if place is None else (lambda fields: read(fields[place]))


def _time(reading: Reading) -> Callable[[Row], str]:
    """Return the function that takes the time out of fields, in seconds."""
    if reading.time == "none" or "time" not in reading.places:
        return lambda _: "0"
    get, to_seconds = _getter(reading, "time"), values.time_in(reading.time)

    def time(fields: Row) -> str:
        try:
            return to_seconds(get(fields))
        except (ValueError, OverflowError) as error:
            form = "ISO 8601" if reading.time == "iso" else reading.time
            raise ValueError(f"timestamp {get(fields)!r} is not {form}") from error

    return time


def _decimal(reading: Reading) -> Callable[[str], str]:
    return values.decimal_with_comma if reading.has_decimal_comma else values.decimal


def _ratings(reading: Reading) -> Callable[[Row], Row]:
    user, item, rating = (reading.places[one] for one in ("user", "item", "rating"))
    time, number = _time(reading), _decimal(reading)
    of_user, of_item = (id_reader(reading.ids, one) for one in ("userId", "movieId"))
    return lambda fields: [
        of_user(fields[user]),
        of_item(fields[item]),
        number(fields[rating]),
        time(fields),
    ]


def _events(reading: Reading) -> Callable[[Row], Row]:
    user, item = (_id(reading, one) for one in ("user", "item"))
    event, time = _getter(reading, "event"), _time(reading)
    return lambda fields: [
        user(fields),
        item(fields),
        values.event_of(event(fields), reading.has_decimal_comma),
        time(fields),
    ]


def _movies(reading: Reading) -> Callable[[Row], Row]:
    item = _id(reading, "item")
    title, year, genres = (_getter(reading, one) for one in ("title", "year", "genres"))
    by_id = "title" not in reading.places

    def movie(fields: Row) -> Row:
        own = item(fields)
        name = own if by_id else title(fields)
        try:
            kinds = values.genres_of(genres(fields), reading.genres)
        except ValueError as error:
            shown = genres(fields)[:40]
            raise ValueError(f"genres {shown!r} are no list of names") from error
        return [own, values.title_with_year(name, year(fields)), kinds]

    return movie


def _tags(reading: Reading) -> Callable[[Row], Row]:
    user, item = (_id(reading, one) for one in ("user", "item"))
    tag, time = _getter(reading, "tag"), _time(reading)
    return lambda fields: [
        user(fields),
        item(fields),
        tag(fields),
        time(fields),
    ]


def _links(reading: Reading) -> Callable[[Row], Row]:
    item = _id(reading, "item")
    imdb, tmdb = (_getter(reading, one) for one in ("imdb", "tmdb"))
    return lambda fields: [
        item(fields),
        values.whole_or_missing(imdb(fields)).removeprefix("tt"),
        values.whole_or_missing(tmdb(fields)),
    ]


def _users(reading: Reading) -> Callable[[Row], Row]:
    user, age = _id(reading, "user"), _getter(reading, "age")
    texts = [_getter(reading, one) for one in ("gender", "occupation", "zip")]
    return lambda fields: [
        user(fields),
        values.whole_or_missing(age(fields)),
        *(text(fields).strip() for text in texts),
    ]


def _genome_scores(reading: Reading) -> Callable[[Row], Row]:
    item, number = _id(reading, "item"), _decimal(reading)
    tag, relevance = (_getter(reading, one) for one in ("tag_id", "relevance"))
    return lambda fields: [
        item(fields),
        values.whole(tag(fields)),
        number(relevance(fields)),
    ]


def _genome_tags(reading: Reading) -> Callable[[Row], Row]:
    number, tag = (_getter(reading, one) for one in ("tag_id", "tag"))
    return lambda fields: [values.whole(number(fields)), tag(fields)]


def first_lines(reading: Reading, count: int = 3) -> list[str]:
    """Return the landing lines of a file's first records, for `--explain`."""
    lines = io.StringIO(newline="")
    write_lines(reading, lines, count)
    return lines.getvalue().splitlines()
