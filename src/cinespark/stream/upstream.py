"""What the broker has of a topic, asked before Spark starts, in bounded time."""

from dataclasses import dataclass

from confluent_kafka import KafkaException, TopicCollection, TopicPartition
from confluent_kafka.admin import OffsetSpec  # type: ignore[attr-defined]

from cinespark.topic.settings import KafkaSettings, for_producer
from cinespark.topic.topics import (
    SECONDS,
    admin,
    offsets,
    require_topic,
    unreachable,
)


@dataclass(frozen=True)
class Topic:
    """A topic's own id, and of each partition the first offset and the next one."""

    topic_id: str
    first: dict[int, int]
    ends: dict[int, int]


def look_at(settings: KafkaSettings) -> Topic:
    """Return what the broker has of the topic; our own broker gets a missing one.

    Raises
    ------
    CineSparkError
        If the broker does not answer in time or does not let us in, or has no such
        topic.
    """
    count, said = require_topic(settings), list[str]()
    places = {TopicPartition(settings.topic, number) for number in range(count)}
    try:
        asked = admin(for_producer(settings), said)
        wanted = TopicCollection([settings.topic])
        described = asked.describe_topics(wanted, request_timeout=SECONDS)
        first = offsets(asked, places, OffsetSpec.earliest())  # type: ignore[no-untyped-call]
        ends = offsets(asked, places, OffsetSpec.latest())  # type: ignore[no-untyped-call]
        topic_id = str(described[settings.topic].result(SECONDS).topic_id)
    except KafkaException as error:
        raise unreachable(settings, said, error) from error
    return Topic(
        topic_id,
        {partition: offset for (_, partition), offset in first.items()},
        {partition: offset for (_, partition), offset in ends.items()},
    )
