"""What a stream has done: counted from Spark's reports, and said in one line."""

import json
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

SECONDS = 10.0  # over which records a second are counted


@dataclass(frozen=True)
class Batch:
    """What Spark reports of a batch that is in the table."""

    number: int
    records: int
    rejected: int
    example: str | None  # a reason of one that was rejected
    lag: int  # records that the topic had beyond the batch when it began


@dataclass
class Counts:
    """What a stream has done since it began, and its last batches by themselves."""

    window: int  # the records over which rejections are judged
    began: float = field(default_factory=time.monotonic)
    last: int = -1
    records: int = 0
    rejected: int = 0
    lag: int = 0
    committed: str = ""
    example: str | None = None
    recent: deque[tuple[float, int]] = field(default_factory=deque)
    judged: deque[tuple[int, int]] = field(default_factory=deque)

    def add(self, batch: Batch) -> None:
        self.last, self.lag = batch.number, batch.lag
        if not batch.records:
            return
        self.records += batch.records
        self.rejected += batch.rejected
        self.example = batch.example or self.example
        self.committed = datetime.now().astimezone().strftime("%H:%M:%S")
        self.recent.append((time.monotonic(), batch.records))
        self.judged.append((batch.records, batch.rejected))
        while sum(n for n, _ in self.judged) - self.judged[0][0] >= self.window:
            self.judged.popleft()

    def rate(self) -> float:
        """Return the records a second of the last seconds."""
        now = time.monotonic()
        while self.recent and self.recent[0][0] < now - SECONDS:
            self.recent.popleft()
        spent = min(now - self.began, SECONDS)
        return sum(n for _, n in self.recent) / max(spent, 0.001)

    def lately(self) -> tuple[int, int]:
        """Return how many records are judged together, and how many were rejected."""
        return sum(n for n, _ in self.judged), sum(bad for _, bad in self.judged)


def new_batches(query: Any, last: int) -> Iterator[Batch]:
    """Yield what Spark reports of the batches of a query after the last one seen."""
    reports = [json.loads(one.json()) for one in query._jsq.recentProgress()]
    for report in reports:
        if report["batchId"] > last and (found := batch_of(report)) is not None:
            yield found


def batch_of(report: dict[str, Any]) -> Batch | None:
    """Return what a report of Spark says, None if it is of no finished batch.

    Where there was nothing to read, Spark reports on the batch that is still to come.
    """
    observed = report.get("observedMetrics", {}).get("judged")
    if observed is None:
        return None
    return Batch(
        int(report["batchId"]),
        int(observed["records"]),
        int(observed["rejected"]),
        observed.get("example"),
        sum(map(lag_of, report["sources"])),
    )


def lag_of(source: dict[str, Any]) -> int:
    """Return how many records of a topic a batch left for the next one."""
    ends, latest = (
        _offsets(source.get(name)) for name in ("endOffset", "latestOffset")
    )
    return sum(max(0, latest[one] - ends.get(one, 0)) for one in latest)


def _offsets(given: Any) -> dict[tuple[str, str], int]:
    topics = given if isinstance(given, dict) else {}
    return {
        (topic, partition): int(offset)
        for topic, offsets in topics.items()
        for partition, offset in offsets.items()
    }


def line_of(counts: Counts) -> str:
    """Return in one line what a stream has done and how far it is."""
    share = counts.rejected / counts.records if counts.records else 0.0
    return (
        f"{counts.records:,} records, {counts.rate():,.0f}/s, lag {counts.lag:,}, "
        f"{counts.rejected:,} rejected ({share:.1%}), last commit "
        f"{counts.committed or 'none yet'}"
    )
