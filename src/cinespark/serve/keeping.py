"""Where ratings are kept that people send: in a topic of Kafka, or in segments."""

import logging
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from prometheus_client import Counter

from cinespark.errors import CineSparkError
from cinespark.serve.answer_parts import Answer
from cinespark.serve.incoming import Incoming

if TYPE_CHECKING:
    from cinespark.topic.producer import Position
    from cinespark.topic.sender import Sender

REST = 5.0  # seconds after which a broker is looked for again, as the sender has it
log = logging.getLogger("cinespark.serve")


class Keeping:
    """Keeps ratings, each in one place that the receipt names.

    With a broker they go to its topic. Those that it does not acknowledge in time go to
    a segment. They may be in both then, under one `event_id`, and count once.

    Parameters
    ----------
    incoming
        The segments.
    counted
        Counts ratings by where they are kept.
    state
        The state folder that says which broker; None without one.
    """

    def __init__(
        self, incoming: Incoming, counted: Counter, state: Path | None
    ) -> None:
        self._incoming, self._counted, self._state = incoming, counted, state
        self._sender = None if state is None else make_sender()
        self._again = 0.0  # when to look again for a broker, where none was known

    def keep(self, ratings: Sequence[Mapping[str, Any]], dataset: str) -> Answer:
        """Keep ratings and return the receipt.

        One that has no `event_id` gets one.

        Parameters
        ----------
        dataset
            The name of the data set whose ids they have.

        Raises
        ------
        OSError
            If the disk does not take those that are in no topic.
        """
        rows = [{**one, "event_id": one["event_id"] or uuid4().hex} for one in ratings]
        topic, positions = self._send(rows, dataset)
        others = [row for row, one in zip(rows, positions, strict=True) if one is None]
        lines = vars(self._incoming.add(others, dataset)) if others else {}
        self._counted.labels("topic").inc(len(rows) - len(others))
        place = "segment" if self._sender is None else "segment_without_broker"
        self._counted.labels(place).inc(len(others))
        now = datetime.now(UTC).isoformat(timespec="microseconds")
        return {
            "received_at": lines.get("received_at", now),
            "event_ids": [row["event_id"] for row in rows],
            "topic": topic,
            "positions": [None if one is None else vars(one) for one in positions],
            "segment": lines.get("segment"),
            "first": lines.get("first"),
            "last": lines.get("last"),
        }

    def prepare(self, dataset: str) -> None:
        """Connect to the broker of a data set's topic, if there is one."""
        if self._sender is None or self._state is None:
            return
        from cinespark.topic.settings import kafka_settings

        try:
            self._sender.connect(kafka_settings(self._state, dataset))
        except CineSparkError as error:
            without_broker(str(error))

    def close(self) -> None:
        """Wait for what is on its way to a broker."""
        if self._sender is not None:
            self._sender.close()

    def _send(
        self, rows: Sequence[Mapping[str, Any]], dataset: str
    ) -> "tuple[str | None, list[Position | None]]":
        """Return the topic that has some of them, and where each is in it."""
        none: list[Position | None] = [None] * len(rows)
        if self._sender is None or self._state is None:
            return None, none
        if time.monotonic() < self._again:
            return None, none
        from cinespark.topic.contract import record_of
        from cinespark.topic.settings import kafka_settings

        try:
            settings = kafka_settings(self._state, dataset)
        except CineSparkError as error:
            self._again = time.monotonic() + REST
            without_broker(str(error))
            return None, none
        try:
            records = [record_of(row) for row in rows]
        except CineSparkError as error:
            without_broker(str(error))
            return None, none
        outcomes = self._sender.send(settings, records)
        found = [None if isinstance(one, str) else one for one in outcomes]
        return (settings.topic if any(found) else None), found


def make_sender() -> "Sender":
    """Return who sends; the library of Kafka is imported where there is a broker."""
    from cinespark.topic.sender import Sender

    return Sender(without_broker)


def without_broker(reason: str) -> None:
    """Log that ratings go to segments for want of a broker."""
    log.error(
        "no acknowledgement: ratings go to segments meanwhile", extra={"reason": reason}
    )
