"""Find out how a file is read: by its first records, and by what was said of it."""

import codecs
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from cinespark.data.columns_file import DELIMITERS, Said
from cinespark.data.encodings import encoding_of, head_of
from cinespark.data.feedback import feedback_of
from cinespark.data.from_sample import with_values
from cinespark.data.headers import (
    WORDS,
    header_of,
    likely_delimiter,
    names_in,
    require_header,
    require_no_header,
    without_preamble,
)
from cinespark.data.landing import or_leave_out
from cinespark.data.meanings import EVENTS, places, plain, require_needed
from cinespark.data.parts import Part, size_of
from cinespark.data.reading import Reading, first_records, head_lines
from cinespark.data.records import Record
from cinespark.errors import CineSparkError


def detect(file: str, parts: tuple[Part, ...], said: Said) -> Reading:
    """Return how a file is read, by its first records and what was said of it.

    Raises
    ------
    CineSparkError
        If it is empty, in an unexpected encoding, or what it holds is not certain.
    """
    largest = max(parts, key=size_of)  # the first may hold no more than a header
    where, head = str(largest), head_of(largest)
    if not head:
        raise CineSparkError(
            f"{where} is empty (0 bytes): it needs at least the header "
            f"{header_of(file)}{or_leave_out(file)}"
        )
    encoding = encoding_of(head, said.encoding, where)
    lines, first, between = without_preamble(head_lines(head, encoding))
    if not lines[first].strip():
        raise CineSparkError(
            f"{where} holds blank lines alone: it needs at least the header "
            f"{header_of(file)}{or_leave_out(file)}"
        )
    quotes = said.quotes or "both"
    delimiter = (
        said.delimiter or between or likely_delimiter(lines[first], file, quotes, said)
    )
    if said.order:
        names = said.order
        require_no_header(lines[first], file, where, said)
        found = {one: names.index(one) for one in names if one}
    else:
        names = tuple(names_in(lines[first], delimiter, quotes))
        require_header(names, delimiter, lines, file, where, said)
        found = places(names, file, where, said.columns)
        if file == "ratings.csv" and is_one_persons(names):
            found = {"user": len(names)} | found
    sample = first_records(lines, delimiter, quotes, len(names))
    sample = sample if said.order else sample[1:]
    feedback, found = with_feedback(found, names, sample, file, where, said)
    _require_fields(sample, names, delimiter, where, said)
    reading = Reading(
        file=file,
        parts=parts,
        encoding=encoding,
        delimiter=delimiter,
        names=names,
        places=found,
        has_header=not said.order,
        quotes=quotes,
        genres=" " if lines[first].count(":token_seq") else "|",
        feedback=feedback,
    )
    is_first = first == 0 and not head.startswith(2 * codecs.BOM_UTF8)
    has_gaps = not all(map(str.strip, lines[:-1]))  # conversion leaves them out
    header = lines[0] if is_first and not has_gaps else ""
    return with_values(of_one_person(reading), sample, said, header)


def is_one_persons(names: Sequence[str]) -> bool:
    """Return whether a header is that of one person's export of IMDb or Letterboxd."""
    found = set(map(plain, names))
    return {"const", "yourrating"} <= found or "letterboxduri" in found


def with_feedback(
    found: Mapping[str, int],
    names: Sequence[str],
    sample: Sequence[Record],
    file: str,
    where: str,
    said: Said,
) -> tuple[str, dict[str, int]]:
    """Return explicit or implicit, and the places of the columns that are read.

    Raises
    ------
    CineSparkError
        If a column is missing that is needed, or what one holds is not certain.
    """
    feedback, found = "explicit", dict(found)
    if file == "ratings.csv":
        feedback, found = feedback_of(found, names, sample, where, said)
    if said.time == "none":
        found.pop("time", None)
    needed = {**found, "time": -1} if said.time == "none" else found
    kind = EVENTS if feedback == "implicit" else file
    require_needed(needed, names, kind, where)
    return feedback, found


def of_one_person(reading: Reading) -> Reading:
    """Return a reading by which one person's ratings are user 1's.

    It makes numbers of IMDb's ids, too, unless the ids of the set are texts.
    """
    names, end = reading.names, len(reading.names)
    item = reading.places.get("item", end)
    is_imdb = item < end and plain(names[item]) in ("const", "tconst")
    if not is_imdb and reading.places.get("user") != end:
        return reading

    def prepare_texts(fields: list[str]) -> list[str]:
        return [*fields, "1"]

    def prepare(fields: list[str]) -> list[str]:
        own = prepare_texts(fields)
        if is_imdb:
            own[item] = own[item].strip().removeprefix("tt")
        return own

    return replace(reading, prepare=prepare, prepare_texts=prepare_texts)


def _require_fields(
    sample: Sequence[Record],
    names: Sequence[str],
    delimiter: str,
    where: str,
    said: Said,
) -> None:
    """Raise if no record has as many fields as the header."""
    divided = [record for record in sample if record.fields is not None]
    counts = Counter(len(record.fields or ()) for record in divided)
    if not divided or len(names) in counts:
        return
    record = divided[0]
    count = counts.most_common(1)[0][0]
    line = f"(line {record.line}: {record.text[:60]!r})"
    if said.order:
        raise CineSparkError(
            f"{where}: columns.yml names {len(names)} columns, but the lines have "
            f"{count} fields {line}: name each in order, with '-' for what is of no use"
        )
    for other in DELIMITERS.values():
        if other != delimiter and len(record.text.split(other)) >= len(names) > 1:
            also = (
                ", and decimals commas" if other != "," and "," in record.text else ""
            )
            raise CineSparkError(
                f"{where}: the header has {WORDS[delimiter]} between its names, but "
                f"the lines have {WORDS[other]} between their fields{also} {line}: "
                f"make the header {other.join(names)!r}"
            )
    way = "give each line as many fields as the header has names"
    if count == len(names) + 1:
        way = (
            "name the first column, too, if it holds row names (in R: row.names = "
            "FALSE), or remove a delimiter at the end of the lines"
        )
    if any("title" in plain(name) for name in names):
        way += "; or put titles that hold a delimiter into double quotes"
    raise CineSparkError(
        f"{where}: the header has {len(names)} names, but the lines have {count} "
        f"fields {line}: {way}"
    )
