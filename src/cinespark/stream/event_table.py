"""New rows of the table `lake.raw.rating_events`, without Spark.

It is read by pyiceberg, from the files of the snapshots that came since, or where these
are too many or gone by what statistics of files say of offsets.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyiceberg.table import DataScan, IncrementalAppendScan, StaticTable, Table

from cinespark.report.marts import SCHEMA, WAREHOUSE, FilesHere
from cinespark.stream.event_catalog import NAMESPACE

COLUMNS = (
    *("topic", "partition", "offset", "user_id", "movie_id", "rating", "rated_at"),
    *("event_id", "reason"),
)
FEW = 16  # snapshots, each with a list of manifests to read
MOST_AT_ONCE = 200_000  # rows of files that are read together
WINDOW = 50_000  # rows that are, where there are more

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
) -> Iterator[pa.Table]:
    """Yield the rows of a topic from these positions on, by partition and offset.

    All of them where they are few, else some of a partition at a time: what is held
    does not grow with what there is.

    Parameters
    ----------
    positions
        Of a partition that is not in it all rows are new.
    snapshot
        One up to which all rows were read, if it is known.

    Yields
    ------
    Table
        COLUMNS; never an empty one.
    """
    if snapshot_of(table) in (None, snapshot):
        return
    wanted = from_positions(topic, positions)
    scan = scan_of(table, wanted, snapshot)
    if sum(task.file.record_count for task in scan.plan_files()) <= MOST_AT_ONCE:
        rows: Iterable[pa.Table] = [scan.to_arrow()]
    else:
        rows = windows(table, topic, wanted)
    order = [("partition", "ascending"), ("offset", "ascending")]
    yield from (one.select(COLUMNS).sort_by(order) for one in rows if one.num_rows)


def scan_of(
    table: Table, wanted: str, snapshot: int | None
) -> DataScan | IncrementalAppendScan:
    """Return a scan of files since a snapshot, or of all where that is long ago."""
    if snapshot is not None and is_shortly_after(table, snapshot):
        return table.incremental_append_scan(
            from_snapshot_id_exclusive=snapshot,
            row_filter=wanted,
            selected_fields=COLUMNS,
        )
    return table.scan(wanted, COLUMNS)


def windows(table: Table, topic: str, wanted: str) -> Iterator[pa.Table]:
    """Yield the wanted rows of a topic, so many of a partition at a time."""
    for partition, offsets in sorted(offsets_of(table, wanted).items()):
        for start in range(0, len(offsets), WINDOW):
            low, high = offsets[start : start + WINDOW][[0, -1]].tolist()
            some = (
                f"{of_topic(topic)} and partition = {partition} "
                f"and offset >= {low} and offset <= {high}"
            )
            yield table.scan(some, COLUMNS).to_arrow()


def offsets_of(table: Table, wanted: str) -> dict[int, NDArray[np.int64]]:
    """Return, by partition, the offsets of the wanted rows in their order."""
    found: dict[int, list[NDArray[np.int64]]] = {}
    scan = table.scan(wanted, ("partition", "offset"))
    for batch in scan.to_arrow_batch_reader():
        partitions, offsets = batch["partition"].to_numpy(), batch["offset"].to_numpy()
        for one in np.unique(partitions).tolist():
            found.setdefault(one, []).append(offsets[partitions == one])
    return {one: np.unique(np.concatenate(parts)) for one, parts in found.items()}


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
