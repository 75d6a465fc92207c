"""Small results of Python as tables."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.types import StructType


def table_of(
    session: SparkSession, rows: Sequence[tuple[Any, ...]], schema: str
) -> DataFrame:
    """Return rows as a DataFrame, by way of Arrow.

    Spark's own way for a list of rows takes two seconds the first time in a process.

    Parameters
    ----------
    rows
        One tuple a row, in the columns of the schema; None is null.
    schema
        `name type, …`, as in SQL.
    """
    fields = StructType.fromDDL(schema)
    assert isinstance(fields, StructType)
    frame = pd.DataFrame(rows, columns=fields.names, dtype=object)
    return session.createDataFrame(frame, fields)
