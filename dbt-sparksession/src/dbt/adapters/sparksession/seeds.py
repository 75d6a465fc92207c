"""Carries the rows of a seed to Spark in one piece."""

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import agate  # type: ignore[import-untyped]
    import pyarrow as pa


def rows_of(table: "agate.Table") -> "pa.Table":
    """Return a seed's cells as texts, in columns `column_0`, `column_1` and so on.

    Spark casts them to the types that the table gets: so it is with a type of
    `column_types` as with one that dbt infers, and a time without a zone is one of the
    session's time zone.
    """
    import pyarrow as pa

    return pa.table(
        {
            f"column_{index}": pa.array(map(text_of, column.values()), pa.string())
            for index, column in enumerate(table.columns)
        }
    )


def text_of(cell: Any) -> str | None:
    """Return a cell as a text that Spark casts to the cell's own type."""
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    if isinstance(cell, Decimal):
        return f"{cell:f}"  # 1000, not 1E+3, which is no integer to Spark
    return str(cell).lower()
