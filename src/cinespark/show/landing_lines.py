"""The lines of the landing file behind a user's ratings, found by reading it once."""

import csv
import hashlib
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cinespark.data.landing import Manifest, chunks, count_breaks, read_manifest
from cinespark.data.store import CONTENT, CURRENT

RATINGS = "ratings.csv"
WHOLE = re.compile(r"[+-]?\d{1,30}", re.ASCII)


@dataclass(frozen=True)
class Line:
    """A line of a user and a movie: its number from 1, the header's, and what it says.

    Parameters
    ----------
    rating
        As it is written; of events the event.
    rated_at
        Seconds since 1970.
    segment
        The file that it is in, if not in ratings.csv; of a record of the stream
        TOPIC/PARTITION.
    """

    number: int
    movie_id: int | str
    rating: str
    rated_at: int
    segment: Path | None = None


def landed_folder(
    current: Path, data: Path, sha256: str | None
) -> tuple[Path, Manifest] | None:
    """Return the folder that holds the data set of this sum, None if there is none.

    Parameters
    ----------
    current, data
        The folder that builds read, and the one of all data sets, whose contents lie in
        folders of their own.
    """
    named = [folder for folder in sorted(data.glob("*")) if folder.name != CURRENT]
    for folder in (*named, current, *sorted(data.glob(f"{CONTENT}/*"))):
        manifest = read_manifest(folder)
        if manifest is not None and manifest.sha256 == sha256:
            return folder, manifest
    return None


def lines_of(
    file: Path,
    sha256: str,
    user_id: int | str,
    movie_ids: Collection[int | str],
    advance: Callable[[int], None] = lambda steps: None,
) -> list[Line] | None:
    """Return a user's lines of some movies in a landing file, in its order.

    None if the file has not this SHA-256. It is read once, in blocks; lines are counted
    as Spark's text source does: they end with LF, CR or CR LF, even inside quotes.

    Parameters
    ----------
    advance
        Called with the bytes of each block.
    """
    digest = hashlib.sha256()
    pattern = line_of(user_id)
    found, before = [], 0
    with file.open("rb") as stream:
        for block in whole_lines(stream, digest.update, advance):
            place = 0
            for match in pattern.finditer(block):
                start = match.start("line")
                before += count_breaks(block[place:start])
                place = start
                line = parsed(match["line"], before + 1, user_id)
                if line is not None and line.movie_id in movie_ids:
                    found.append(line)
            before += count_breaks(block[place:])
    return found if digest.hexdigest() == sha256 else None


def whole_lines(
    stream: BinaryIO,
    read: Callable[[bytes], None],
    advance: Callable[[int], None],
) -> Iterator[bytes]:
    """Yield a file in blocks that end where a line does."""
    rest = b""
    for chunk in chunks(stream):
        read(chunk)
        advance(len(chunk))
        block = rest + chunk
        end = max(block.rfind(b"\n"), block.rfind(b"\r")) + 1
        if end:
            yield block[:end]
        rest = block[end:]
    if rest:
        yield rest


def line_of(user_id: int | str) -> re.Pattern[bytes]:
    """Return what finds the lines that may be a user's, whose id is the first field."""
    if isinstance(user_id, int):
        sign = "-" if user_id < 0 else "[+]?"
        first = f'"?{sign}0*{abs(user_id)}"?'
    else:
        quoted = user_id.replace('"', '""')
        first = f'(?:{re.escape(user_id)}|"{re.escape(quoted)}")'
    return re.compile(rf"(?:^|[\r\n])(?P<line>{first},[^\r\n]*)".encode())


def parsed(text: bytes, number: int, user_id: int | str) -> Line | None:
    """Return a line of the landing file, None if it is no rating of this user."""
    (fields,) = csv.reader([text.decode("utf-8", "replace")])
    if len(fields) != 4 or not WHOLE.fullmatch(fields[3]):
        return None
    user, movie = (as_id(field, user_id) for field in fields[:2])
    if user != user_id or movie is None:
        return None
    return Line(number, movie, fields[2], int(fields[3]))


def as_id(field: str, like: int | str) -> int | str | None:
    """Return a field as an id of the type of another one, None if it is none."""
    if isinstance(like, str):
        return field
    return int(field) if WHOLE.fullmatch(field) else None
