"""Records to a topic: each is acknowledged by all replicas, and written once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from confluent_kafka import KafkaError, Message, Producer

from cinespark.errors import CineSparkError
from cinespark.topic.contract import Record
from cinespark.topic.settings import KafkaSettings, for_producer
from cinespark.topic.topics import require_topic, silent_log

SECONDS = 30.0  # that a record may take


@dataclass(frozen=True)
class Position:
    """Where a record is."""

    partition: int
    offset: int


def sent(
    settings: KafkaSettings, records: Sequence[Record], seconds: float = SECONDS
) -> list[Position]:
    """Send records and return where each is, once all were acknowledged.

    Raises
    ------
    CineSparkError
        If the broker does not answer, or not all records were acknowledged in time.
    """
    require_topic(settings, seconds)
    producer = make_producer(settings, seconds)
    found: list[Position | KafkaError | None] = [None] * len(records)
    for place, (key, value) in enumerate(records):
        offer(producer, settings.topic, key, value, into(found, place))
    producer.flush()  # as long as a record may take
    positions = [one for one in found if isinstance(one, Position)]
    if len(positions) < len(records):
        reasons = {one.str() for one in found if isinstance(one, KafkaError)}
        raise CineSparkError(
            f"{settings.bootstrap} acknowledged {len(positions)} of {len(records)} "
            f"records within {seconds:g} seconds ({', '.join(sorted(reasons))}): see "
            "that it runs, and send them again with the same event_id"
        )
    return positions


def make_producer(settings: KafkaSettings, seconds: float, **more: Any) -> Producer:
    """Return a producer whose records are acknowledged, or have failed, in time.

    An idempotent one: what it sends again after a broken connection is written once,
    and in order. It asks for all acknowledgements.

    Parameters
    ----------
    seconds
        That a record may take, from being offered.
    more
        Settings of librdkafka besides.
    """
    milliseconds = round(1000 * seconds)
    own = {
        "enable.idempotence": True,
        "compression.type": "lz4",
        # as Kafka's client in Java has it: whoever sends for a user, and with what, the
        # records of one user are in one partition
        "partitioner": "murmur2_random",
        "message.timeout.ms": milliseconds,
        "request.timeout.ms": min(milliseconds, 30_000),
        "topic.metadata.propagation.max.ms": 2000,
        "reconnect.backoff.max.ms": 1000,
    }
    return Producer(for_producer(settings) | own | more, logger=silent_log())


def offer(
    producer: Producer, topic: str, key: bytes | None, value: bytes | None, told: Any
) -> None:
    """Give a record to a producer, and wait while it holds too many.

    Parameters
    ----------
    told
        Called with an error or None, and with the record as a message.
    """
    while True:
        try:
            producer.produce(topic, value, key, on_delivery=told)
            return
        except BufferError:
            producer.poll(0.1)


def into(found: list[Position | KafkaError | None], place: int) -> Any:
    """Return what notes the outcome of a record in its place."""

    def told(error: KafkaError | None, message: Message) -> None:
        found[place] = error or position_of(message)

    return told


def position_of(message: Message) -> Position:
    """Return where a record is that was acknowledged."""
    partition, offset = message.partition(), message.offset()
    assert partition is not None  # they are known of what was acknowledged
    assert offset is not None
    return Position(partition, offset)
