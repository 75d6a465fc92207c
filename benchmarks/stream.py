"""What a stream costs: `python benchmarks/stream.py [once] [live] [commits]`.

once     1,000,000 records that wait in the topic, with `cinespark stream --once`
live     200 records a second for a minute: from Kafka's time to the committed snapshot
commits  what 300 commits of ten records cost the table, and what maintenance does

Each part prints a table; without a name all three run. Memory is the proportional set
size of the command and what it starts (Linux). The broker runs on the same machine, and
its cost is not counted.
"""

import json
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event

import numpy as np
import pyarrow.parquet as pq
from pyiceberg.catalog.sql import SqlCatalog
from pyspark.sql import SparkSession
from stream_kills import BIN, ROOT, begin, environment
from timing.processes import Cost, run, watched

from cinespark.cli.topic import java
from cinespark.report.marts import read_marts
from cinespark.stream import maintenance
from cinespark.stream.checkpoint import checkpoint_of
from cinespark.stream.query import Manner
from cinespark.stream.run import Place, open_session, stream
from cinespark.stream.table import TABLE
from cinespark.topic.broker import start, stop
from cinespark.topic.producer import make_producer, offer
from cinespark.topic.settings import FOLDER, KafkaSettings
from cinespark.topic.topics import require_topic

RECORDS, RATE, SECONDS, COMMITS = 1_000_000, 200, 60, 300
PARTS = ("once", "live", "commits")


def main() -> None:
    parts = sys.argv[1:] or PARTS
    if unknown := set(parts) - set(PARTS):
        sys.exit(f"no part {', '.join(unknown)}: choose of {', '.join(PARTS)}")
    for part in parts:
        with place(part) as (state, settings):
            print(
                {"once": once, "live": live, "commits": commits}[part](state, settings)
            )
            print(flush=True)


@contextmanager
def place(name: str) -> Iterator[tuple[Path, KafkaSettings]]:
    """Give an empty state folder, and a topic of a broker of its own."""
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder)
        (state / "jars").symlink_to(ROOT / "var" / "jars")
        broker, _ = start(state / FOLDER, java(state), 0, lambda: None)
        settings = KafkaSettings(broker.address, f"ratings.{name}", is_own=True)
        try:
            require_topic(settings)
            yield state, settings
        finally:
            stop(state / FOLDER, lambda: None)


def once(state: Path, settings: KafkaSettings) -> str:
    """Return how long a million records take, of which the start is told apart."""
    produce(settings, RECORDS)
    start = time.time()
    cost = run(
        [BIN / "cinespark", "--state-dir", state, "stream", "--once"],
        state / "log",
        ROOT,
        environment(settings),
    )
    rows = read_marts(state, "raw", ["rating_events"])["rating_events"]
    assert rows is not None
    assert len(rows) == RECORDS
    assert rows["reason"].isna().all()
    checkpoint = checkpoint_of(state, settings.topic)
    began = (checkpoint / "metadata").stat().st_mtime
    ended = max(one.stat().st_mtime for one in (checkpoint / "commits").glob("[0-9]*"))
    return "\n".join(
        [
            "| cinespark stream --once | |",
            "|---|---:|",
            f"| records | {RECORDS:,} |",
            f"| the whole command | {cost.seconds:.1f} s |",
            f"| of it until all are in the table | {ended - start:.1f} s |",
            f"| of that the query | {ended - began:.1f} s |",
            f"| records a second, of the query | {RECORDS / (ended - began):,.0f} |",
            memory(cost),
        ]
    )


def live(state: Path, settings: KafkaSettings) -> str:
    """Return how long records wait that come evenly."""
    cost = Cost()
    process = begin(state, settings, every=1.0)
    try:
        with watched(process.pid, cost):
            produce(settings, 10)
            while not list(checkpoint_of(state, settings.topic).glob("commits/0")):
                time.sleep(0.1)
            time.sleep(5)
            produce(settings, RATE * SECONDS, RATE)
            time.sleep(5)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()
    waits = np.array(sorted(waits_of(state)))
    p50, p99 = np.percentile(waits, [50, 99])
    return "\n".join(
        [
            f"| {RATE} records a second for {SECONDS} s | |",
            "|---|---:|",
            f"| records | {len(waits):,} |",
            f"| from Kafka's time to the snapshot's, p50 | {p50:.2f} s |",
            f"| p99 | {p99:.2f} s |",
            f"| at most | {waits[-1]:.2f} s |",
            memory(cost),
        ]
    )


def waits_of(state: Path) -> list[float]:
    """Return the seconds of each record to the snapshot that brought its file.

    The first records, which waited for Spark's first batch, are left out.
    """
    options = {"uri": f"sqlite:///{state}/catalog.db", "init_catalog_tables": "false"}
    waits = []
    with closing(SqlCatalog("lake", **options)) as catalog:
        table = catalog.load_table(("raw", "rating_events"))
        at = {one.snapshot_id: one.timestamp_ms for one in table.snapshots()}
        first = min(at.values())
        for entry in table.inspect.entries().to_pylist():
            committed = at[entry["snapshot_id"]]
            path = entry["data_file"]["file_path"].removeprefix("file:")
            sent = pq.read_table(path, columns=["sent_at"])["sent_at"].cast("int64")
            if committed != first:
                waits += list(committed / 1e3 - sent.to_numpy() / 1e6)
    return waits


def commits(state: Path, settings: KafkaSettings) -> str:
    """Return what a table is like after many small commits, and after maintenance."""
    produce(settings, 10 * COMMITS)
    here = Place(ROOT, state)
    manner = Manner(once=True, batch=10, maintain_every=float("inf"))
    maintenance.SMALL_FILES, kept = 10**9, maintenance.SMALL_FILES
    maintenance.MANIFESTS, maintenance.YOUNG = 10**9, timedelta(days=1)
    clock = time.monotonic()
    stream(here, settings, manner, Event(), lambda counts: None, lambda text: None)
    took = (time.monotonic() - clock) / COMMITS
    session = open_session(here, print)
    lines = [
        "| | snapshots | files | manifests | metadata.json, gzip | reading all |",
        "|---|---:|---:|---:|---:|---:|",
        figures(session, state, f"{COMMITS} commits, {took:.2f} s each"),
    ]
    maintenance.SMALL_FILES = maintenance.MANIFESTS = kept
    maintenance.YOUNG = timedelta()
    for what in ("files put together", "snapshots before that expired"):
        clock = time.monotonic()
        maintenance.maintain_table(session, lambda text: None)
        took = time.monotonic() - clock
        lines.append(figures(session, state, f"{what}, {took:.1f} s"))
    return "\n".join(lines)


def figures(session: SparkSession, state: Path, what: str) -> str:
    size = maintenance.size_of(session)
    files = (state / "warehouse" / "raw" / "rating_events" / "metadata").glob("*.json")
    newest = max(files, key=lambda one: one.stat().st_mtime)
    clock = time.monotonic()
    session.sql(f"select max(rating), max(length(raw_value)) from {TABLE}").collect()
    seconds = time.monotonic() - clock
    return (
        f"| {what} | {size.snapshots:,} | {size.files:,} | {size.manifests:,} "
        f"| {newest.stat().st_size / 1e3:,.0f} kB | {seconds:.2f} s |"
    )


def produce(settings: KafkaSettings, count: int, rate: float | None = None) -> None:
    """Send made-up ratings, as fast as it goes or evenly."""
    producer = make_producer(settings, 60, **{"linger.ms": 5})
    failed = []

    def told(error: object, _message: object) -> None:
        if error:
            failed.append(error)

    began = time.monotonic()
    for number in range(count):
        if rate and (wait := began + number / rate - time.monotonic()) > 0:
            producer.poll(wait)
        user = number % 50_000
        rating = {
            "user_id": user,
            "movie_id": number * 7919 % 10_000,
            "rating": 1 + number % 5,
            "rated_at": 1_000_000_000 + number,
            "event_id": f"event-{number}",
        }
        value = json.dumps(rating).encode()
        offer(producer, settings.topic, str(user).encode(), value, told)
        if not rate and number % 1000 == 0:
            producer.poll(0)
    producer.flush()
    assert not failed


def memory(cost: Cost) -> str:
    return (
        f"| memory at most, MiB | {cost.peak_bytes / 2**20:,.0f} "
        f"(Java {cost.jvm_bytes / 2**20:,.0f}) |"
    )


if __name__ == "__main__":
    main()
