"""The table of every record of the topics: `lake.raw.rating_events`."""

from typing import Any

from pyspark.errors import AnalysisException
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from dbt.adapters.sparksession.orphans import load_table

SCHEMA = "raw"
TABLE = f"lake.{SCHEMA}.rating_events"
COMMENT = (
    "One row per record of Kafka, appended exactly once and never changed; "
    "(topic, partition, offset) is the key."
)
COLUMNS = {
    "topic": ("string", "The topic, of one data set"),
    "partition": ("int", "The partition of the topic"),
    "offset": ("bigint", "The place in the partition"),
    "sent_at": ("timestamp", "The time of the record, as Kafka has it"),
    "ingested_at": ("timestamp", "When the batch began that wrote the row"),
    "raw_key": ("binary", "The key as it came"),
    "raw_value": ("binary", "The value as it came"),
    "user_id": ("string", "Who rated; null if it cannot be read"),
    "movie_id": ("string", "What was rated; null if it cannot be read"),
    "rating": ("double", "The rating, or what an event counts"),
    "rated_at": ("timestamp", "When it was rated, from 1970 to 2099"),
    "event_id": ("string", "The name that the sender gave this rating, if any"),
    "reason": ("string", "Why the record breaks the contract; null if it keeps it"),
}
PROPERTIES = {
    # there is a commit every second: what each leaves is kept small, and maintenance.py
    # does the rest
    "write.metadata.delete-after-commit.enabled": "true",
    "write.metadata.previous-versions-max": "5",
    "write.metadata.compression-codec": "gzip",
    # a batch that is repeated looks for its own snapshot among these
    "history.expire.min-snapshots-to-keep": "50",
    # between batches and maintenance, whoever comes second tries again
    "commit.retry.num-retries": "20",
    "write.distribution-mode": "none",
    "write.target-file-size-bytes": str(64 * 2**20),
    "write.parquet.row-group-size-bytes": str(16 * 2**20),
    "write.metadata.metrics.column.raw_key": "none",
    "write.metadata.metrics.column.raw_value": "none",
}


def create_table(session: SparkSession) -> str:
    """Create the table if it is not there, and return its UUID."""
    columns = ", ".join(
        f"`{name}` {kind} comment '{meaning}'"
        for name, (kind, meaning) in COLUMNS.items()
    )
    properties = ", ".join(f"'{name}' = '{one}'" for name, one in PROPERTIES.items())
    session.sql(f"create schema if not exists lake.{SCHEMA}")
    session.sql(
        f"create table if not exists {TABLE} ({columns}) using iceberg "
        f"comment '{COMMENT}' tblproperties ({properties})"
    )
    return str(load_table(session, TABLE).uuid())


def uuid_of(session: SparkSession) -> str | None:
    """Return the UUID of the table, None if there is no table."""
    try:
        if not session.catalog.tableExists(TABLE):
            return None
    except AnalysisException:
        return None
    return str(load_table(session, TABLE).uuid())


def next_offsets(session: SparkSession, topic: str) -> dict[int, int]:
    """Return the offset after the last one that the table has, of each partition."""
    rows = (
        session.table(TABLE)
        .where(F.col("topic") == topic)
        .groupBy("partition")
        .agg(F.max("offset"))
        .collect()
    )
    return {int(partition): int(last) + 1 for partition, last in rows}


def last_batch(session: SparkSession, query: str) -> int | None:
    """Return the last batch that a query wrote, None if the snapshots tell no more.

    Iceberg asks them, from the newest back to the first whose parent was expired,
    before it appends a batch that may have been written already.
    """
    table: Any = load_table(session, TABLE)
    snapshot = table.currentSnapshot()
    while snapshot is not None:
        said = snapshot.summary()
        if said.get("spark.sql.streaming.queryId") == query:
            return int(said.get("spark.sql.streaming.epochId"))
        parent = snapshot.parentId()
        snapshot = None if parent is None else table.snapshot(parent)
    return None
