"""The one query of a stream: from the topic into the table, until told to stop."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any

from py4j.protocol import Py4JJavaError, Py4JNetworkError
from pyspark.errors import PySparkException, StreamingQueryException
from pyspark.sql import SparkSession
from pyspark.sql import functions as F
from pyspark.sql.streaming.query import StreamingQuery

from cinespark.errors import CineSparkError
from cinespark.spark_session import one_line
from cinespark.stream.maintenance import maintain_table
from cinespark.stream.progress import Counts, new_batches
from cinespark.stream.records import rows_of
from cinespark.stream.table import COLUMNS, TABLE
from dbt.adapters.sparksession.messages import message_of

POLL = 0.2  # seconds
AFTER_THAT = (
    "what it has committed is in the table, and when it is started again it goes on "
    "after that"
)
LAST_BATCH = 60.0  # seconds that the batch has which runs when a stream is to stop


@dataclass(frozen=True)
class Manner:
    """How a stream runs.

    Parameters
    ----------
    once
        Whether it ends when it has read what the topic has when it begins.
    every
        Seconds from the beginning of a batch to that of the next one.
    batch
        The most records of a batch.
    max_rejected
        The share of rejected records above which it stops, judged over the last batches
        that hold `judged` records together.
    maintain_every
        Seconds between looks at the size of the table.
    """

    once: bool = False
    every: float = 1.0
    batch: int = 1_000_000
    max_rejected: float = 0.5
    judged: int = 1_000
    maintain_every: float = 300.0


def run_stream(
    session: SparkSession,
    source: Mapping[str, str],
    checkpoint: Path,
    manner: Manner,
    stop: Event,
    show: Callable[[Counts], None],
    say: Callable[[str], None],
) -> Counts:
    """Append the records of a topic until told to stop, or to the end of the topic.

    Parameters
    ----------
    source
        The options of Spark's Kafka source, with where it begins.
    stop
        Set by whoever wants the stream to end after the batch that runs.
    show
        Told now and then what the stream has done.
    say
        Told what maintenance has done.

    Raises
    ------
    CineSparkError
        If the query dies, or if too many records are rejected.
    """
    counts = Counts(manner.judged)
    try:
        query = start_query(session, source, checkpoint, manner)
        try:
            watch(session, query, counts, manner, stop, show, say)
        finally:
            query.stop()
        if manner.once:
            look_after(session, say)
    except (Py4JNetworkError, ConnectionError) as error:
        if not stop.is_set():
            raise CineSparkError(
                f"Spark's process has ended: {AFTER_THAT}, and var/logs/spark.log may "
                "have the reason"
            ) from error
        say(f"Spark was told to end before its batch had ended: {AFTER_THAT}")
    return counts


def watch(
    session: SparkSession,
    query: StreamingQuery,
    counts: Counts,
    manner: Manner,
    stop: Event,
    show: Callable[[Counts], None],
    say: Callable[[str], None],
) -> None:
    """Count what a query does until it ends or is to end, and look after the table."""
    next_look = time.monotonic() + manner.maintain_every
    while not ended(query) and not stop.is_set():
        count(query, counts, show)
        require_good(counts, manner)
        if time.monotonic() > next_look:
            look_after(session, say)
            next_look = time.monotonic() + manner.maintain_every
    if stop.is_set():
        finish_batch(query, counts, show)
    count(query, counts, show)
    require_good(counts, manner)


def look_after(session: SparkSession, say: Callable[[str], None]) -> None:
    """Keep the table small; a failure is said, and left to the next time."""
    try:
        maintain_table(session, say)
    except (Py4JJavaError, PySparkException) as error:
        say(f"{TABLE} stays as it is for now: {one_line(message_of(error))}")


def start_query(
    session: SparkSession,
    source: Mapping[str, str],
    checkpoint: Path,
    manner: Manner,
) -> StreamingQuery:
    """Start the query, which counts what it judges as it writes it."""
    records = (
        session.readStream.format("kafka")
        .options(**source)
        .option("maxOffsetsPerTrigger", manner.batch)
        .load()
    )
    judged = rows_of(records).observe(
        "judged",
        F.count("*").alias("records"),
        F.count("reason").alias("rejected"),
        F.max("reason").alias("example"),
    )
    # The same for all of a batch, also when it is written again after a crash. It comes
    # after what observes, for which Spark generates other code: that of the judging
    # would else be new in each batch, and compiled again.
    rows = judged.withColumn("ingested_at", F.current_timestamp()).select(*COLUMNS)
    trigger: dict[str, Any] = (
        {"availableNow": True}
        if manner.once
        else {"processingTime": f"{round(manner.every * 1000)} milliseconds"}
    )
    return (
        rows.writeStream.format("iceberg")
        .outputMode("append")
        .option("checkpointLocation", str(checkpoint))
        .trigger(**trigger)
        .toTable(TABLE)
    )


def ended(query: StreamingQuery) -> bool:
    """Wait a moment, and return whether the query has ended by itself.

    Raises
    ------
    CineSparkError
        If it has died.
    """
    try:
        return bool(query.awaitTermination(POLL))  # type: ignore[arg-type]
    except StreamingQueryException as error:
        raise CineSparkError(
            f"the stream died ({cause_of(query, error)}): {AFTER_THAT}; "
            "var/logs/spark.log has the whole story"
        ) from error


def cause_of(query: StreamingQuery, error: StreamingQueryException) -> str:
    """Return the first cause of a query's death, in one line."""
    found = query._jsq.exception()
    if not found.isDefined():
        return one_line(message_of(error))
    cause = found.get()
    while cause.getCause() is not None:
        cause = cause.getCause()
    return one_line(str(cause.toString()))[:300]


def count(
    query: StreamingQuery, counts: Counts, show: Callable[[Counts], None]
) -> None:
    """Count the batches that ended since the last time."""
    for batch in new_batches(query, counts.last):
        counts.add(batch)
    show(counts)


def require_good(counts: Counts, manner: Manner) -> None:
    """Raise an error if too many of the last records were rejected."""
    records, rejected = counts.lately()
    if records >= manner.judged and rejected > manner.max_rejected * records:
        raise CineSparkError(
            f"{rejected:,} of the last {records:,} records break the contract of the "
            f'topic, as "{counts.example}", more than the {manner.max_rejected:.0%} '
            "that --max-rejected allows: the stream has stopped instead of filling "
            f"{TABLE}. Mend what sends them; `cinespark stream` then goes on, with a "
            "higher --max-rejected past those that are still to come"
        )


def finish_batch(
    query: StreamingQuery, counts: Counts, show: Callable[[Counts], None]
) -> None:
    """Wait until the batch that runs is in the table."""
    last, until = counts.last, time.monotonic() + LAST_BATCH
    while query.status["isTriggerActive"] and time.monotonic() < until:
        if ended(query):
            return
        count(query, counts, show)
        if counts.last > last:
            return
