"""Find out how a file is read: by its first records, and by what was said of it."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from cinespark.data.columns_file import DELIMITERS, Said
from cinespark.data.encodings import encoding_of, head_of
from cinespark.data.from_sample import with_values
from cinespark.data.landing import HEADERS, or_leave_out
from cinespark.data.meanings import (
    NEEDED,
    PAIRS,
    known_meanings,
    places,
    plain,
    require_needed,
    suggestion,
)
from cinespark.data.parts import Part, size_of
from cinespark.data.reading import Reading, first_records, head_lines
from cinespark.data.records import Record, records_of
from cinespark.data.sample_checks import NUMBER, WHOLE, text_ids
from cinespark.errors import CineSparkError

WORDS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "pipes", "::": "`::`"}


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
    lines = head_lines(head, encoding)
    quotes = said.quotes or "both"
    delimiter = said.delimiter or _delimiter(lines[0], file, quotes, said)
    if said.order:
        names = said.order
        found = {one: names.index(one) for one in names if one}
    else:
        names = tuple(_names(lines[0], delimiter, quotes))
        _require_header(names, lines, file, where, said)
        found = places(names, file, where, said.columns)
        if file == "ratings.csv" and is_one_persons(names):
            found.setdefault("user", len(names))
    if said.time == "none":
        found.pop("time", None)
    require_needed(
        {**found, "time": -1} if said.time == "none" else found, names, file, where
    )
    sample = first_records(lines, delimiter, quotes, len(names))
    sample = sample if said.order else sample[1:]
    _require_fields(sample, lines[0], names, delimiter, where)
    reading = Reading(
        file=file,
        parts=parts,
        encoding=encoding,
        delimiter=delimiter,
        names=names,
        places=found,
        has_header=not said.order,
        quotes=quotes,
        genres=" " if lines[0].count(":token_seq") else "|",
        prepare=prepare_imdb(names, found),
    )
    return with_values(reading, sample, said, lines[0])


def is_one_persons(names: Sequence[str]) -> bool:
    """Return whether a header is that of one person's export of IMDb or Letterboxd."""
    found = set(map(plain, names))
    return {"const", "yourrating"} <= found or {"letterboxduri", "rating"} <= found


def prepare_imdb(
    names: Sequence[str], found: Mapping[str, int]
) -> Callable[[list[str]], list[str]] | None:
    """Return what makes IMDb's ids numbers, and one person's ratings user 1's."""
    item = found.get("item", len(names))
    is_imdb = item < len(names) and plain(names[item]) in ("const", "tconst")
    if not is_imdb and found.get("user") != len(names):
        return None

    def prepare(fields: list[str]) -> list[str]:
        own = [*fields, "1"]
        if is_imdb:
            own[item] = own[item].strip().removeprefix("tt")
        return own

    return prepare


def header_of(file: str) -> str:
    return HEADERS.get(file, "user_id,movie_id")


def _names(line: str, delimiter: str, quotes: str) -> list[str]:
    found = next(records_of([line], delimiter, quotes, 0), None)
    fields = line.split(delimiter) if found is None else found.fields
    return [name.strip() for name in fields or line.split(delimiter)]


def _delimiter(first_line: str, file: str, quotes: str, said: Said) -> str:
    """Return the delimiter that makes most columns of a first line known."""

    def known(delimiter: str) -> tuple[int, int]:
        names = _names(first_line, delimiter, quotes)
        count = len(known_meanings(names, file))
        count += sum(name in names for name in said.columns.values())
        return count, len(names)

    return max(("::", "\t", ";", "|", ","), key=known)


def _require_header(
    names: Sequence[str], lines: Sequence[str], file: str, where: str, said: Said
) -> None:
    if said.columns or known_meanings(names, file):
        return
    values = next(records_of(lines, _likeliest(lines[0]), "both", 0)).fields or []
    texts = [one for one in values[:2] if not WHOLE.fullmatch(one)]
    if texts and len(values) >= 3 and all(NUMBER.fullmatch(v) for v in values[2:]):
        raise text_ids(where, "its first line", texts[0])
    order = suggestion(file, f"columns: [{', '.join(NEEDED[file])}]")
    way = "" if file == PAIRS else f", or name the columns in order in {order}"
    raise CineSparkError(
        f"{where} starts with the line {lines[0][:100]!r}, but a header such as "
        f"{header_of(file)!r} is expected: make that its first line{way}"
        f"{or_leave_out(file)}"
    )


def _likeliest(line: str) -> str:
    return max(("::", "\t", ";", "|", ","), key=lambda one: line.count(one))


def _require_fields(
    sample: Sequence[Record],
    header: str,
    names: Sequence[str],
    delimiter: str,
    where: str,
) -> None:
    """Raise if no record has as many fields as the header."""
    divided = [record for record in sample if record.fields is not None]
    counts = Counter(len(record.fields or ()) for record in divided)
    if not divided or len(names) in counts:
        return
    record = divided[0]
    for other in DELIMITERS.values():
        if other != delimiter and len(record.text.split(other)) >= len(names) > 1:
            also = (
                ", and decimals commas" if other != "," and "," in record.text else ""
            )
            raise CineSparkError(
                f"{where}: the header has {WORDS[delimiter]} between its names, but "
                f"the lines have {WORDS[other]} between their fields{also} (line "
                f"{record.line}: {record.text[:60]!r}): make the header "
                f"{other.join(names)!r}"
            )
    count = counts.most_common(1)[0][0]
    way = "give each line as many fields as the header has names"
    if count == len(names) + 1:
        way = (
            "name the first column, too, if it holds row names (in R: row.names = "
            "FALSE), or remove a delimiter at the end of the lines"
        )
    raise CineSparkError(
        f"{where}: the header has {len(names)} names, but the lines have {count} "
        f"fields (line {record.line}: {record.text[:60]!r}): {way}"
    )
