"""The stream's table without a broker: made-up records, as the stream has them."""

import json
from datetime import UTC, datetime, timedelta

import pyarrow as pa

TABLE = "lake.raw.rating_events"
BEGAN = datetime(2026, 3, 1, 10, tzinfo=UTC)
COLUMNS = """
    topic string, partition int, offset bigint, sent_at timestamp,
    ingested_at timestamp, raw_key binary, raw_value binary, user_id string,
    movie_id string, rating double, rated_at timestamp, event_id string, reason string
"""


def create_events(spark):
    """Create the table unless it is there."""
    spark.sql("create namespace if not exists lake.raw")
    spark.sql(f"create table if not exists {TABLE} ({COLUMNS}) using iceberg")


def record(topic, partition, offset, row=None, batch=0, **more):
    """Return a record of the table.

    Parameters
    ----------
    row
        The object of its value: user_id, movie_id, rating, rated_at in seconds, and
        event_id if it has one.
    batch
        Its batch began so many minutes after the first.
    more
        Other values of columns: `raw_value` and `reason` of what is no rating.
    """
    value = {} if row is None else row
    at = value.get("rated_at")
    return {
        "topic": topic,
        "partition": partition,
        "offset": offset,
        "sent_at": BEGAN + timedelta(minutes=batch, seconds=-1 - offset % 7),
        "ingested_at": BEGAN + timedelta(minutes=batch),
        "raw_key": str(value.get("user_id")).encode(),
        "raw_value": json.dumps(row).encode(),
        "user_id": None if row is None else str(value["user_id"]),
        "movie_id": None if row is None else str(value["movie_id"]),
        "rating": value.get("rating"),
        "rated_at": None if at is None else datetime.fromtimestamp(at, UTC),
        "event_id": value.get("event_id"),
        "reason": None,
        **more,
    }


def append_events(spark, records):
    """Append records to the table, as one batch of the stream does."""
    create_events(spark)
    rows = spark.createDataFrame(pa.Table.from_pylist(records, schema_of(spark)))
    rows.coalesce(1).writeTo(TABLE).append()


def schema_of(spark):
    return spark.table(TABLE).limit(0).toArrow().schema
