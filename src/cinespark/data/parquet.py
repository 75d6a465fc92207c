"""Records of parquet files: each value as a text, times in seconds."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from cinespark.data.meanings import RENAME
from cinespark.data.parts import Part, opened
from cinespark.data.records import Record
from cinespark.errors import CineSparkError

if TYPE_CHECKING:
    import pyarrow as pa

ROWS = 50_000


def parquet_names(part: Part) -> tuple[str, ...]:
    """Return the names of a parquet file's columns.

    Raises
    ------
    CineSparkError
        If it is no such file.
    """
    from pyarrow import parquet

    with opened(part) as stream, _whole(part):
        names = tuple(parquet.ParquetFile(stream).schema_arrow.names)
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise CineSparkError(f"{part} has two columns {twice[0]}: {RENAME}")
    return names


def parquet_records(parts: tuple[Part, ...]) -> Iterator[Record]:
    """Yield the rows of parquet files, batch by batch.

    Raises
    ------
    CineSparkError
        If they have different columns, or are damaged.
    """
    from pyarrow import parquet

    names = parquet_names(parts[0])
    for part in parts:
        if set(parquet_names(part)) != set(names):
            raise CineSparkError(
                f"{part} has the columns {', '.join(parquet_names(part))}, but "
                f"{parts[0]} has {', '.join(names)}: parts of one file have one schema"
            )
        with opened(part) as stream, _whole(part):
            line = 0
            for batch in parquet.ParquetFile(stream).iter_batches(ROWS, columns=names):
                columns = [_texts_of(name, batch, part) for name in names]
                for fields in zip(*columns, strict=True):
                    line += 1
                    yield Record(line, ",".join(fields), list(fields))


@contextmanager
def _whole(part: Part) -> Iterator[None]:
    """Raise CineSparkError where Arrow finds a file damaged."""
    import pyarrow as pa

    try:
        yield
    except (pa.ArrowException, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        words = " ".join(str(error).split())
        raise CineSparkError(
            f"{part} is no whole parquet file ({words}): write it again"
        ) from error


def _texts_of(name: str, batch: "pa.RecordBatch", part: Part) -> list[str]:
    try:
        return texts(batch.column(name))
    except UnicodeDecodeError as error:
        raise CineSparkError(
            f"{part}: {name} holds bytes that are not UTF-8, such as "
            f"{error.object[:40]!r}: write it as a string"
        ) from error


def texts(column: "pa.Array") -> list[str]:
    """Return the values of a column as texts, nothing for null."""
    import pyarrow as pa

    kind = column.type
    if pa.types.is_float32(kind) or pa.types.is_float16(kind):  # 4.1, not 4.09999
        column = column.cast(pa.string())
    if pa.types.is_date(kind):
        column = column.cast(pa.timestamp("s"))
    if pa.types.is_timestamp(column.type):
        seconds = column.cast(pa.timestamp("s"), safe=False).cast(pa.int64())
        return ["" if one is None else str(one) for one in seconds.to_pylist()]
    return [_text(one) for one in column.to_pylist()]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        names = [one.get("name") if isinstance(one, dict) else one for one in value]
        return "|".join(str(one) for one in names if one is not None)
    return value.decode("utf-8") if isinstance(value, bytes) else str(value)
