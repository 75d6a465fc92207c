"""Rows of Spark as they are to be written: in order, those of large tables on disk."""

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import DTypeLike
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.types import to_arrow_schema

from cinespark.algorithms.arrays import Array
from cinespark.spark_tables import is_local, most_rows
from cinespark.train.collect import collected_bytes, collecting
from cinespark.train.memory import LITTLE
from dbt.adapters.sparksession.limits import free_memory


def ordered_rows(
    rows: DataFrame, key: Sequence[str], row_bytes: float, what: str, remedy: str
) -> tuple[pa.Table, Callable[[], DataFrame]]:
    """Return rows as they are now, in order, and a function by which Spark reads them.

    If they might take more than little memory, Spark sorts them into files of its
    temporary folder, and Python maps these. Spark's workers on other machines do not
    see this folder: from there all rows come to Python.

    Parameters
    ----------
    key
        Columns that no two rows have in common.
    row_bytes, what, remedy
        As `collecting` takes them.

    Raises
    ------
    CineSparkError
        If the rows have to come to Python, and memory will not do.
    """
    session = rows.sparkSession
    is_little = collected_bytes(most_rows(rows), row_bytes) <= LITTLE * free_memory()
    if not is_little and is_local(session):
        return rows_on_disk(rows, key)
    with collecting(rows, row_bytes, what, remedy):
        table = rows.toArrow()
        table = table.sort_by([(name, "ascending") for name in key])
    return table, lambda: session.createDataFrame(table, rows.schema)


def rows_on_disk(
    rows: DataFrame, key: Sequence[str]
) -> tuple[pa.Table, Callable[[], DataFrame]]:
    """Return the same by way of files: the table is mapped from one."""
    session = rows.sparkSession
    folder = temporary_folder(session)
    written, file = folder / "parquet", folder / "rows.arrow"
    rows.sort(*key).write.parquet(str(written))
    schema = to_arrow_schema(rows.schema)
    with pa.ipc.new_file(file, schema) as sink:
        # sorted rows are in the order of their files
        for part in sorted(written.glob("part-*.parquet")):
            for batch in pq.ParquetFile(part).iter_batches():
                for chunk in pa.Table.from_batches([batch]).cast(schema).to_batches():
                    sink.write(chunk)
    table = pa.ipc.open_file(pa.memory_map(str(file))).read_all()
    return table, lambda: session.read.schema(rows.schema).parquet(str(written))


def column_on_disk(
    rows: pa.Table, name: str, kind: DTypeLike, session: SparkSession
) -> Array:
    """Return a column of numbers as an array that is mapped from a file."""
    file = temporary_folder(session) / f"{name}.npy"
    column = np.lib.format.open_memmap(file, "w+", kind, (rows.num_rows,))
    start = 0
    for chunk in rows[name].chunks:
        column[start : start + len(chunk)] = chunk.to_numpy()
        start += len(chunk)
    return column


def temporary_folder(session: SparkSession) -> Path:
    """Return a new folder that Spark removes at its end."""
    place = session.sparkContext._temp_dir
    return Path(tempfile.mkdtemp(prefix="rows-", dir=place))
