"""What a case of the corpus is, and what cases have in common.

The corpus is files and folders as people have them, with what must become of each. Rows
are made up; where a case comes from is said beside it.
"""

import io
import struct
import zipfile
from dataclasses import dataclass, field

import pyarrow as pa
from pyarrow import parquet

RATINGS = "userId,movieId,rating,timestamp\n1,1,4.0,964982703\n2,2,3.5,964982704\n"


MOVIES = "movieId,title,genres\n1,Heat (1995),Action|Crime\n2,Café (2001),Drama\n"


TWO = ["1,1,4.0,964982703", "2,2,3.5,964982704"]


FILMS = ["1,Heat (1995),Action|Crime", "2,Café (2001),Drama"]


@dataclass(frozen=True)
class Case:
    """What is brought, and the lines below the header of each landing file.

    `brought` is the file to name instead of the folder; `says` are all that is said,
    and `error` is the sentence, `{folder}` standing for the folder. With `is_events`
    ratings.csv has the header of events; with `with_genome` the genome is asked for.
    """

    name: str
    files: dict[str, str | bytes]
    lands: dict[str, list[str]] = field(default_factory=dict)
    says: list[str] = field(default_factory=list)
    error: str = ""
    brought: str = ""
    encoding: str | None = None
    is_copied: bool = False
    is_events: bool = False
    with_genome: bool = False


def rated(text, **more):
    """Return files of ratings with this text, beside the usual movies."""
    return {"ratings.csv": text, "movies.csv": MOVIES, **more}


def filmed(text):
    return {"ratings.csv": RATINGS, "movies.csv": text}


def said(columns, text, **more):
    return rated(text, **{"columns.yml": columns, **more})


def zipped(files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def parquet_of(**columns):
    buffer = io.BytesIO()
    parquet.write_table(pa.table(columns), buffer)
    return buffer.getvalue()


HEADER = "userId,movieId,rating,timestamp\n"


BY_ID = "movies.csv: no titles: each item is called by its id"


def asked(value, beside, way):
    return (
        f"{{folder}}/ratings.csv: times such as {value!r}{beside} can be read in more "
        "than one way: say how in columns.yml beside the data: `ratings: {time: ...}`, "
        f"with seconds, milliseconds, iso, {way}"
    )


def one_rating(**columns):
    usual = {"userId": [1], "movieId": [1], "rating": [4.0], "timestamp": [964982703]}
    return parquet_of(**(usual | columns))


def moved(archive):
    """Return a zip archive whose members are said to begin before it."""
    end = archive.index(b"PK\5\6") + 16
    (offset,) = struct.unpack("<I", archive[end : end + 4])
    return archive[:end] + struct.pack("<I", offset + 9) + archive[end + 4 :]


def damaged(content):
    """Return a parquet file of which the first page cannot be unpacked."""
    start = content.index(struct.pack("<q", 1))
    return content[: start - 2] + b"\xff" * 10 + content[start + 8 :]


def built_with(**vars):
    """Return the line that names the vars to build with."""
    words = ", ".join(f"{name}: {value}" for name, value in vars.items())
    return f"build with --vars '{{{words}}}'"


TEXTS = built_with(id_type="string")


EVENTS = built_with(feedback="implicit")
