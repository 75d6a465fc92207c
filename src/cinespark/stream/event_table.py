"""New rows of the table `lake.raw.rating_events`, without Spark.

It is read by pyiceberg, from the files of the snapshots that came since, or where these
are too many or gone by what statistics of files say of offsets.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pyarrow as pa
from pyiceberg.table import StaticTable, Table

from cinespark.report.marts import SCHEMA, WAREHOUSE, FilesHere
from cinespark.stream.event_catalog import NAMESPACE

COLUMNS = (
    *("topic", "partition", "offset", "user_id", "movie_id", "rating", "rated_at"),
    *("event_id", "reason"),
)
FEW = 16  # snapshots, each with a list of manifests to read

# by partition, the offset that comes next
Positions = Mapping[int, int]


def open_table(state: Path, metadata: str) -> Table:
    """Return the table as this metadata has it, wherever the state folder is now."""
    given = {
        "py-io-impl": f"{FilesHere.__module__}.{FilesHere.__name__}",
        SCHEMA: NAMESPACE,
        WAREHOUSE: str(state / "warehouse"),
    }
    return StaticTable.from_metadata(metadata, given)


def snapshot_of(table: Table) -> int | None:
    """Return the id of the table's snapshot, None of a table without any."""
    found = table.current_snapshot()
    return None if found is None else found.snapshot_id


def new_rows(
    table: Table, topic: str, positions: Positions, snapshot: int | None
) -> pa.Table:
    """Return the rows of a topic from these positions on, by partition and offset.

    Parameters
    ----------
    positions
        Of a partition that is not in it all rows are new.
    snapshot
        One up to which all rows were read, if it is known.

    Returns
    -------
    Table
        COLUMNS.
    """
    if snapshot_of(table) in (None, snapshot):
        return table.schema().select(*COLUMNS).as_arrow().empty_table()
    wanted = from_positions(topic, positions)
    if snapshot is not None and is_shortly_after(table, snapshot):
        rows = table.incremental_append_scan(
            from_snapshot_id_exclusive=snapshot,
            row_filter=wanted,
            selected_fields=COLUMNS,
        ).to_arrow()
    else:
        rows = table.scan(wanted, COLUMNS).to_arrow()
    order = [("partition", "ascending"), ("offset", "ascending")]
    return rows.select(COLUMNS).sort_by(order)


def from_positions(topic: str, positions: Positions) -> str:
    """Return what is true of a topic's rows from these positions on."""
    if not positions:
        return of_topic(topic)
    others = f"partition not in ({', '.join(map(str, positions))})"
    mine = [
        f"(partition = {partition} and offset >= {offset})"
        for partition, offset in positions.items()
    ]
    return f"{of_topic(topic)} and ({' or '.join([others, *mine])})"


def of_topic(topic: str) -> str:
    """Return what is true of the rows of a topic, whose name has no quotes."""
    return f"topic = '{topic}'"


def is_shortly_after(table: Table, snapshot: int) -> bool:
    """Return whether the table came of a snapshot by a few steps."""
    now = table.current_snapshot()
    for _ in range(FEW):
        if now is None:
            return False
        if now.snapshot_id == snapshot:
            return True
        parent = now.parent_snapshot_id
        now = None if parent is None else table.snapshot_by_id(parent)
    return False


def events_before(
    table: Table, topic: str, positions: Positions
) -> Iterator[tuple[str, str]]:
    """Yield user_id and event_id of a topic's records before these positions.

    Of those that have one, some of them at a time.
    """
    if snapshot_of(table) is None or not positions:
        return
    old = [
        f"(partition = {partition} and offset < {offset})"
        for partition, offset in positions.items()
    ]
    wanted = f"{of_topic(topic)} and event_id is not null and reason is null"
    rows = table.scan(f"{wanted} and ({' or '.join(old)})", ("user_id", "event_id"))
    for batch in rows.to_arrow_batch_reader():
        names = (batch[name].to_pylist() for name in ("user_id", "event_id"))
        yield from zip(*names, strict=True)
