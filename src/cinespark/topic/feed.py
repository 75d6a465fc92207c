"""Ratings sent one after another, at their own pace or at a rate, and counted."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from cinespark.topic.contract import BrokenContractError, record_of
from cinespark.topic.producer import make_producer, offer
from cinespark.topic.rows import Row
from cinespark.topic.settings import KafkaSettings
from cinespark.topic.topics import require_topic

SECONDS = 120.0  # that a broker may be away: a record waits so long
SHOWN = 3  # reasons of one kind that are told
TELL = 0.5  # seconds between two looks at the progress


@dataclass(frozen=True)
class Pace:
    """How fast rows are sent; neither for as fast as they go.

    Parameters
    ----------
    rate
        So many a second.
    speed
        By their own times, so many seconds of which are one.
    count
        How many at most.
    is_now
        Whether a rating gets the time at which it is sent.
    """

    rate: float | None = None
    speed: float | None = None
    count: int | None = None
    is_now: bool = False


@dataclass
class Tally:
    """What became of the rows so far."""

    sent: int = 0
    acknowledged: int = 0
    failed: int = 0
    refused: int = 0
    reasons: list[str] = field(default_factory=list)  # of those that failed
    refusals: list[str] = field(default_factory=list)
    begun: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.begun

    @property
    def waiting(self) -> int:
        return self.sent - self.acknowledged - self.failed

    def told(self, error: KafkaError | None, message: Message) -> None:
        """Count what librdkafka tells of a record."""
        if error is None:
            self.acknowledged += 1
            return
        self.failed += 1
        if error.str() not in self.reasons and len(self.reasons) < SHOWN:
            self.reasons.append(error.str())


class Stopping:
    """Whether somebody wants an end, by Ctrl-C or SIGTERM.

    What waits for input is interrupted; elsewhere the signal only counts, so that no
    acknowledgement is missed.
    """

    def __init__(self) -> None:
        self.asked, self._is_reading = 0, False

    def ask(self, number: int, frame: FrameType | None) -> None:
        self.asked += 1
        if self._is_reading:
            raise InterruptedError("somebody wants an end")

    def next_of(self, rows: Iterator[Row]) -> Row | None:
        """Return the next row; None if there is none, or nobody wants one."""
        try:
            self._is_reading = True
            return None if self.asked else next(rows, None)
        except InterruptedError:
            return None
        finally:
            self._is_reading = False


@contextmanager
def signals() -> Iterator[Stopping]:
    """Give what Ctrl-C and SIGTERM ask for, instead of what they do else."""
    stopping = Stopping()
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, stopping.ask) for number in numbers}
    try:
        yield stopping
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def feed(
    settings: KafkaSettings,
    rows: Iterator[Row],
    pace: Pace,
    stopping: Stopping,
    tell: Callable[[Tally], None],
    seconds: float = SECONDS,
) -> Tally:
    """Send rows until they end or somebody wants an end, and wait for the answers.

    A row that breaks the contract is not sent, and counts as refused.

    Parameters
    ----------
    tell
        Called twice a second with the counts.
    seconds
        That a record may wait for a broker which is away.

    Raises
    ------
    CineSparkError
        If the broker does not answer at the beginning, or the rows cannot be read.
    """
    require_topic(settings)
    producer = make_producer(settings, seconds)
    tally = Tally()
    due = due_times(pace, tally)
    next_look = TELL

    def wait(until: float) -> None:
        nonlocal next_look
        while True:
            left = until - time.monotonic()
            producer.poll(min(max(left, 0.0), TELL))
            if tally.seconds > next_look:
                tell(tally)
                next_look = tally.seconds + TELL
            if left <= 0 or stopping.asked:
                return

    while (row := stopping.next_of(rows)) is not None:
        wait(due(row))
        if stopping.asked:
            break
        send(producer, settings.topic, row, pace, tally)
        if tally.sent + tally.refused == pace.count:
            break
    while tally.waiting and stopping.asked < 2:  # a second signal does not wait
        wait(time.monotonic() + TELL / 5)
    return tally


def due_times(pace: Pace, tally: Tally) -> Callable[[Row], float]:
    """Return what says when a row is due, on the monotonic clock."""
    first: list[float] = []

    def due(row: Row) -> float:
        if pace.rate is not None:
            return tally.begun + (tally.sent + tally.refused) / pace.rate
        if pace.speed is None or row.seconds is None:
            return 0.0
        if not first:
            first.append(row.seconds)
        return tally.begun + (row.seconds - first[0]) / pace.speed

    return due


def send(producer: Producer, topic: str, row: Row, pace: Pace, tally: Tally) -> None:
    """Offer a row to the producer, unless it breaks the contract."""
    rating: dict[str, Any] = row.rating
    if pace.is_now:
        rating = rating | {"rated_at": int(time.time())}
    try:
        key, value = record_of(rating)
    except BrokenContractError as error:
        tally.refused += 1
        if len(tally.refusals) < SHOWN:
            tally.refusals.append(f"line {row.line}: {error}")
        return
    tally.sent += 1
    try:
        offer(producer, topic, key, value, tally.told)
    except KafkaException as error:  # a fatal one: none is sent any more
        tally.failed += 1
        if len(tally.reasons) < SHOWN:
            tally.reasons.append(error.args[0].str())
