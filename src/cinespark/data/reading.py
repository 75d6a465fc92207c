"""How one file is read, and its records by that."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from cinespark.data.encodings import HEAD_BYTES
from cinespark.data.parts import Part
from cinespark.data.records import Record, records_of

SAMPLE_RECORDS = 500


@dataclass(frozen=True)
class Reading:
    """How the parts of one file are read into a landing file.

    `names` are those of the fields in order; `places` says at which place the column of
    a meaning is; `absorbs` is the place of the text that takes what delimiters are too
    many; `prepare` turns the fields into those that `places` is about, or raises
    ValueError; `prepare_texts` does so where ids are texts; `records` yields them where
    they are no lines of fields; with `distinct` only the first record of each item is
    landed; `also_read` are the places of columns that another reading of the same file
    is about. `ids` is the type of all ids (int, bigint or string), `feedback` is
    explicit or implicit. `sample` holds the first records, prepared, and `first_line`
    the header as it is written, unless it is known that the file cannot be copied.
    """

    file: str
    parts: tuple[Part, ...]
    encoding: str
    delimiter: str
    names: tuple[str, ...]
    places: Mapping[str, int]
    has_header: bool = True
    quotes: str = "both"
    time: str = "seconds"
    genres: str = "|"
    has_decimal_comma: bool = False
    is_as_landed: bool = False
    is_distinct: bool = False
    absorbs: int | None = None
    prepare: Callable[[list[str]], list[str]] | None = None
    prepare_texts: Callable[[list[str]], list[str]] | None = None
    records: Callable[[Iterable[str]], Iterator[Record]] | None = None
    also_read: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    ids: str = "int"
    feedback: str = "explicit"
    scale: tuple[float, float] | None = None
    sample: tuple[Record, ...] = field(default=(), compare=False, repr=False)
    first_line: str = ""

    @property
    def where(self) -> str:
        return str(self.parts[0])

    @property
    def remarks(self) -> list[str]:
        """What to say of the file once: the notes, and which columns are ignored."""
        read = {*self.places.values(), *self.also_read}
        ignored = [
            name or "(no name)"
            for place, name in enumerate(self.names)
            if place not in read
        ]
        if not ignored or not self.has_header or self.is_distinct:
            return list(self.notes)
        return [*self.notes, f"ignored: {', '.join(ignored)}"]


def prepared(record: Record, reading: Reading) -> Record:
    """Return a record with its fields prepared, or with why they cannot be."""
    fields, names = record.fields, reading.names
    if fields is None or (len(fields) == len(names) and reading.prepare is None):
        return record
    if reading.absorbs is not None and len(fields) > len(names):
        end = reading.absorbs + 1 + len(fields) - len(names)
        text = reading.delimiter.join(fields[reading.absorbs : end])
        fields = [*fields[: reading.absorbs], text, *fields[end:]]
    if len(fields) != len(names):
        problem = f"{len(names)} fields expected, {len(fields)} found"
        return record._replace(fields=None, problem=problem)
    if reading.prepare is not None:
        try:
            fields = reading.prepare(fields)
        except ValueError as error:
            return record._replace(fields=None, problem=str(error))
    return record._replace(fields=fields)


def column(reading: Reading, sample: Iterable[Record], meaning: str) -> list[str]:
    """Return the values of a column in the records that have one."""
    place = reading.places.get(meaning)
    if place is None:
        return []
    fields = (record.fields or [] for record in sample)
    return [one[place].strip() for one in fields if len(one) > place and one[place]]


def head_lines(head: bytes, encoding: str) -> list[str]:
    """Return the whole lines of a file's first bytes."""
    text = head.decode(encoding, "replace")
    lines = [line.lstrip("\ufeff") for line in re.split(r"\r\n|\r|\n", text)]
    if len(head) >= HEAD_BYTES and len(lines) > 1:
        lines.pop()
    return lines


def first_records(
    lines: Iterable[str], delimiter: str, quotes: str, count: int
) -> list[Record]:
    """Return the first records of a file."""
    records = records_of(lines, delimiter, quotes, count)
    return list(islice(records, SAMPLE_RECORDS))
