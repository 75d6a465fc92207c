"""How far a command reads a table that others append to: found once, for all nodes."""

from collections.abc import Mapping
from threading import Lock

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

Ends = dict[int | str, int]
_ends: dict[tuple[object, ...], Ends | None] = {}
_changing = Lock()


def pin_rows(
    session: SparkSession, table: str, of: Mapping[str, object], by: str, order: str
) -> Ends | None:
    """Return where the rows of a table ended as the command first saw it.

    The first call of a command asks the table; later ones get the same answer, whatever
    is appended meanwhile.

    Parameters
    ----------
    of
        Values of columns: which rows are meant.
    by, order
        Columns: what rows are counted apart by, and the number that grows with each.

    Returns
    -------
    dict
        For each value of `by`, in order, the first number after those of its rows; None
        if there is no such table.
    """
    asked = (table, *sorted(of.items()), by, order)
    with _changing:
        if asked not in _ends:
            _ends[asked] = ends_of(session, table, of, by, order)
        return _ends[asked]


def ends_of(
    session: SparkSession, table: str, of: Mapping[str, object], by: str, order: str
) -> Ends | None:
    """Return where the rows of a table end now."""
    if not session.catalog.tableExists(table):
        return None
    rows = session.table(table)
    for column, value in of.items():
        rows = rows.where(F.col(column) == F.lit(value))
    last = rows.groupBy(by).agg(F.max(order)).where(F.col(by).isNotNull()).collect()
    return {row[0]: int(row[1]) + 1 for row in sorted(last)}


def forget_rows() -> None:
    """Forget what a command that has ended saw."""
    with _changing:
        _ends.clear()
