"""Small results of Python as tables of Spark, and a fingerprint of any table."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import StructType

from cinespark.paths import exports_dir


def table_of(
    session: SparkSession, rows: Sequence[tuple[object, ...]], schema: str
) -> DataFrame:
    """Return rows as a DataFrame, by way of Arrow.

    Spark's own way for a list of rows takes two seconds the first time in a process.

    Parameters
    ----------
    rows
        One tuple per row, in the columns of the schema; None is null.
    schema
        `name type, …`, as in SQL.
    """
    fields = StructType.fromDDL(schema)
    assert isinstance(fields, StructType)
    frame = pd.DataFrame(rows, columns=fields.names, dtype=object)
    return session.createDataFrame(frame, fields)


def exports_of_build(session: SparkSession, given: str) -> Path:
    """Return the folder of published versions of the build that the session runs."""
    root, state = (
        Path(str(session.conf.get(f"spark.sparksession.{place}")))
        for place in ("project_root", "state_dir")
    )
    return exports_dir(root, state, given)


def most_rows(rows: DataFrame) -> int:
    """Return how many rows there are at most, as Spark's optimizer knows without a job.

    It says a huge number where it does not know.
    """
    plan = rows._jdf.queryExecution().optimizedPlan()
    size = int(plan.stats().sizeInBytes())
    return size // max(1, int(plan.schema().defaultSize()))


def is_local(session: SparkSession) -> bool:
    """Return whether Spark works on this machine alone, in one JVM."""
    master = str(session.sparkContext.master)
    return master == "local" or master.startswith("local[")


def fingerprint(*tables: DataFrame) -> str:
    """Return a sum of the rows of tables in 16 hexadecimal digits, in whatever order.

    Each table is read once.
    """
    return hashlib.sha256("".join(map(sums_of, tables)).encode()).hexdigest()[:16]


def sums_of(rows: DataFrame) -> str:
    columns = [F.col(name) for name in sorted(rows.columns)]
    hashes = rows.select(
        F.xxhash64(*columns).alias("one"), F.xxhash64(F.lit(1), *columns).alias("other")
    )
    sums = hashes.agg(
        F.count("one"), F.bit_xor("one"), F.sum(F.col("other").cast("decimal(38)"))
    )
    return str(tuple(sums.collect()[0]))
