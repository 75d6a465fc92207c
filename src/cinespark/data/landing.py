"""The landing layout: five checked CSV files, the genome if asked for, a manifest."""

import codecs
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

from cinespark.data.encodings import not_utf8
from cinespark.errors import CineSparkError
from cinespark.files import sha256_of

HEADERS = {
    "ratings.csv": "userId,movieId,rating,timestamp",
    "movies.csv": "movieId,title,genres",
    "tags.csv": "userId,movieId,tag,timestamp",
    "links.csv": "movieId,imdbId,tmdbId",
    "users.csv": "userId,age,gender,occupation,zip",
}
# MovieLens's tag genome: landed only where it is asked for, and then both files
GENOME = {
    "genome-scores.csv": "movieId,tagId,relevance",
    "genome-tags.csv": "tagId,tag",
}
ALL_HEADERS = HEADERS | GENOME
# of ratings.csv where people left events, not stars
EVENTS = "userId,movieId,event,timestamp"
REQUIRED = ("ratings.csv", "movies.csv")
MANIFEST = "manifest.json"

CHUNK_BYTES = 1 << 20
# hashing this much takes a tenth of a second; of more, only sizes are compared
CHEAP_TO_HASH_BYTES = 64 << 20


@dataclass(frozen=True)
class FileFacts:
    """What the manifest says of one file; `rows` counts its lines below the header."""

    file: str
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True)
class About:
    """Where a data set comes from, and its terms of use."""

    dataset: str
    source: str
    licence: str
    citation: str


@dataclass(frozen=True)
class Manifest:
    """What a landing folder holds; `vars` are the dbt vars it has to be built with."""

    about: About
    files: tuple[FileFacts, ...]
    vars: Mapping[str, str | int | float] = field(default_factory=dict)

    @property
    def sha256(self) -> str:
        """One sum for all files: the SHA-256 of what `sha256sum` prints for them."""
        lines = "".join(f"{one.sha256}  {one.file}\n" for one in self.files)
        return hashlib.sha256(lines.encode()).hexdigest()

    @property
    def has_genome(self) -> bool:
        return any(one.file in GENOME for one in self.files)

    def rows(self, file: str) -> int:
        return next(one.rows for one in self.files if one.file == file)


def inspect(path: Path, shown: str | None = None) -> FileFacts:
    """Check one CSV file and measure it, in one pass and in blocks.

    A row is a line as Spark's text source counts them: lines end with LF, CR or CR LF,
    even inside quotes, and blank lines count.

    Parameters
    ----------
    shown
        What errors call the file, if not by its path: where it was copied from.

    Raises
    ------
    CineSparkError
        If the file is missing or empty, is not UTF-8, has another header or has it
        twice, or if it must hold rows but has none.
    """
    file_name, where = path.name, shown or str(path)
    if not path.is_file():
        raise CineSparkError(
            f"{where} is missing: a data set needs {' and '.join(REQUIRED)}"
        )
    if path.stat().st_size == 0:
        raise CineSparkError(
            f"{where} is empty (0 bytes): it needs at least the header "
            f"{ALL_HEADERS[file_name]}{or_leave_out(file_name)}"
        )
    digest = hashlib.sha256()
    decoder = codecs.getincrementaldecoder("utf-8")()
    size = breaks = content_bytes = 0
    chunk = tail = header = b""
    with path.open("rb") as file:
        for chunk in chunks(file):
            _check_utf8(decoder, chunk, breaks, where)
            if size == 0:
                first_line = _check_header(chunk, file_name, where)
                header = first_line.removeprefix(codecs.BOM_UTF8)
                content_bytes -= len(first_line)
                rest = chunk[len(first_line) :]
            else:
                rest = chunk
            tail = _check_one_header(tail, rest, breaks, header, file_name, where)
            digest.update(chunk)
            size += len(chunk)
            content_bytes += len(chunk.strip())
            breaks += count_breaks(chunk)
    _check_utf8(decoder, b"", breaks, where, final=True)
    _check_one_header(tail, b"\n", breaks, header, file_name, where)
    lines = breaks + (0 if chunk.endswith((b"\n", b"\r")) else 1)
    if file_name in REQUIRED and content_bytes == 0:
        raise CineSparkError(
            f"{where} holds a header but no {path.stem}: put at least one line below it"
        )
    return FileFacts(file_name, lines - 1, size, digest.hexdigest())


def count_breaks(block: bytes) -> int:
    """Count line ends; LF, CR and CR LF are one each."""
    returns = block.count(b"\r")
    if returns == 0:
        return block.count(b"\n")
    return block.count(b"\n") + returns - block.count(b"\r\n")


def chunks(file: BinaryIO) -> Iterator[bytes]:
    """Yield chunks of a file that never end between a CR and its LF."""
    while chunk := file.read(CHUNK_BYTES):
        while chunk.endswith(b"\r") and (more := file.read(1)):
            chunk += more
        yield chunk


def _check_utf8(
    decoder: codecs.IncrementalDecoder,
    chunk: bytes,
    breaks_before: int,
    where: str,
    final: bool = False,
) -> None:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError as error:
        line = breaks_before + count_breaks(error.object[: error.start]) + 1
        raise not_utf8(where, line, error.object[error.start]) from error


def _check_header(first_chunk: bytes, file_name: str, where: str) -> bytes:
    """Return the first line, with its byte order mark, if it is the expected header."""
    line = first_chunk.replace(b"\r", b"\n").partition(b"\n")[0]
    found = line.removeprefix(codecs.BOM_UTF8)
    expected = ALL_HEADERS[file_name]
    if found != expected.encode() and not is_events(file_name, found):
        shown = found[:100].decode("utf-8", "replace")
        raise CineSparkError(
            f"{where} starts with the line {shown!r}, but the header {expected!r} is "
            f"expected: make that its first line{or_leave_out(file_name)}"
        )
    return line


def is_events(file: str, header: bytes) -> bool:
    """Return whether a landing file is one of events by its header."""
    return file == "ratings.csv" and header == EVENTS.encode()


def _check_one_header(
    tail: bytes,
    chunk: bytes,
    breaks_before: int,
    header: bytes,
    file_name: str,
    where: str,
) -> bytes:
    """Raise if the header comes again; return the end of the chunk for the next call.

    It need not start a line: the file before may have had no line end at its end.
    """
    window = tail + chunk
    found = -1
    while (found := window.find(header, found + 1)) >= 0:
        end = found + len(header)
        if window[end : end + 1] in (b"\n", b"\r"):
            line = breaks_before - count_breaks(tail) + count_breaks(window[:found]) + 1
            raise CineSparkError(
                f"{where} holds the header {header.decode()!r} again in line {line}, "
                "as if files had been joined: keep only the first one, as this does: "
                f"awk 'NR == 1 || FNR > 1' one/{file_name} other/{file_name}"
            )
    return window[-len(header) :]


def or_leave_out(file: str) -> str:
    if file in GENOME:
        return ", or leave out --genome"
    return "" if file in REQUIRED or file not in HEADERS else ", or leave the file out"


def seal(
    folder: Path,
    about: About,
    origins: Mapping[str, str] = MappingProxyType({}),
    vars: Mapping[str, str | int | float] = MappingProxyType({}),
) -> Manifest:
    """Check a folder's files, add missing ones of the five, and write its manifest.

    Parameters
    ----------
    origins
        Where files were copied from, for errors.
    vars
        The dbt vars that the data set has to be built with.
    """
    for file, header in HEADERS.items():
        if file not in REQUIRED and not (folder / file).exists():
            (folder / file).write_text(f"{header}\n", encoding="utf-8", newline="")
    landed = [*HEADERS, *(file for file in GENOME if (folder / file).exists())]
    manifest = Manifest(
        about,
        tuple(inspect(folder / file, origins.get(file)) for file in landed),
        dict(vars),
    )
    (folder / MANIFEST).write_text(to_json(manifest), encoding="utf-8", newline="")
    return manifest


def to_json(manifest: Manifest) -> str:
    """Return a manifest as one line, which Spark's text source reads as one row."""
    return (
        json.dumps(
            {
                **asdict(manifest.about),
                "files": [asdict(one) for one in manifest.files],
                "sha256": manifest.sha256,
                "vars": dict(manifest.vars),
            },
            ensure_ascii=False,
        )
        + "\n"
    )


def read_manifest(folder: Path) -> Manifest | None:
    """Return a folder's manifest, None if it is missing or not one of ours."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        manifest = Manifest(
            About(*(found[name] for name in About.__dataclass_fields__)),
            tuple(FileFacts(**one) for one in found["files"]),
            dict(found.get("vars", {})),  # earlier releases wrote none
        )
        sha256 = found["sha256"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    is_ours = (
        all(isinstance(one, str) for one in asdict(manifest.about).values())
        and [one.file for one in manifest.files] in (list(HEADERS), list(ALL_HEADERS))
        and all(type(one.rows) is type(one.bytes) is int for one in manifest.files)
        and all(isinstance(one, str | int | float) for one in manifest.vars.values())
        and manifest.sha256 == sha256
    )
    return manifest if is_ours else None


def read_whole(folder: Path) -> Manifest | None:
    """Return a folder's manifest, None unless all files still are as it says.

    Sizes are always compared, SHA-256 sums only if the files are small.
    """
    manifest = read_manifest(folder)
    if manifest is None:
        return None
    cheap = sum(one.bytes for one in manifest.files) <= CHEAP_TO_HASH_BYTES
    for one in manifest.files:
        path = folder / one.file
        if not path.is_file() or path.stat().st_size != one.bytes:
            return None
        if cheap and sha256_of(path) != one.sha256:
            return None
    return manifest
