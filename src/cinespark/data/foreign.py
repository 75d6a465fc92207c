"""Files of kinds that are not read, known by their first bytes or by their names."""

import re
from pathlib import PurePath

from cinespark.errors import CineSparkError

# what a file begins with that is no text, what it is then, and the way out
MAGIC = (
    (b"\x1f\x8b", "gzip", "let its name end with .gz"),
    (
        b"PK\x03\x04",
        "a zip archive or a workbook",
        "let its name end with .zip, or save the sheet as CSV",
    ),
    (b"PAR1", "parquet", "let its name end with .parquet"),
    (b"\xd0\xcf\x11\xe0", "a workbook", "save the sheet as CSV"),
    (b"BZh", "bzip2", "unpack it first"),
    (b"\xfd7zXZ", "xz", "unpack it first"),
    (b"\x28\xb5\x2f\xfd", "zstd", "unpack it first"),
    (b"7z\xbc\xaf", "7-Zip", "unpack it first"),
    (b"SQLite format 3", "SQLite", "write the table as CSV or parquet"),
    (b"ARROW1", "Arrow", "write it as parquet"),
    (b"Obj\x01", "Avro", "write it as CSV or parquet"),
)
JSON = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:\{\s*\"|\[\s*(?:[\[{]|$))")
PACKED = ["bz2", "xz", "zst", "tar", "tgz", "7z", "rar", "lz4"]
KINDS = (
    *("xlsx", "xlsm", "xls", "ods", "numbers", "json", "jsonl", "ndjson", "xml"),
    *("feather", "arrow", "orc", "avro", "db", "sqlite", "sqlite3", "sql", "html"),
    *("rds", "rdata", "rda", "pkl", "pickle", "h5", "hdf5", "npy", "npz", "mat"),
    *("sav", "dta", "sas7bdat"),
)


def require_text(head: bytes, where: str) -> None:
    """Raise if a file's first bytes are those of a kind that is no delimited text."""
    for start, kind, way in MAGIC:
        if head.startswith(start):
            raise CineSparkError(f"{where} is {kind}, by its first bytes: {way}")
    if JSON.match(head[:200]):
        raise CineSparkError(
            f"{where} holds JSON, which is not read: write it as CSV or parquet"
        )
    if len(head) >= 4 and not head.strip(b"\0"):
        raise CineSparkError(
            f"{where} holds nothing but zero bytes, as a copy that was cut off: copy "
            "it again"
        )


def way_out_of(name: str) -> str:
    """Return what to do with a file of a kind that is not read, nothing for others."""
    endings = [one.removeprefix(".") for one in PurePath(name.lower()).suffixes]
    if any(one in PACKED for one in endings):
        return "unpack it first"
    if any(one in KINDS for one in endings[-2:]):
        return "save it as CSV or parquet"
    return ""
