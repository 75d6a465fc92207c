"""Topics of a broker: whether it answers, which there are, and how many records."""

import logging
import time
from dataclasses import dataclass
from typing import Any

from confluent_kafka import KafkaError, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient
from confluent_kafka.admin import NewTopic as NewTopic  # type: ignore[attr-defined]
from confluent_kafka.admin import OffsetSpec as OffsetSpec  # type: ignore[attr-defined]

from cinespark.errors import CineSparkError
from cinespark.topic.settings import KafkaSettings, for_producer

SECONDS = 10.0  # that a broker may take to answer
# both cores of a small machine read; the ratings of one user stay in order, as the key
# decides where they are; each partition costs a batch of the stream a task and a file
PARTITIONS = 2
OF_TOPIC = {
    # a month: what was read is in the table, and a stream that stands still loses
    # nothing meanwhile; there is no limit in bytes, which would take what was not read
    "retention.ms": str(30 * 86_400_000),
    "retention.bytes": "-1",
    # when the broker got it: nobody's clock decides how long it stays
    "message.timestamp.type": "LogAppendTime",
    # files of a day, so that a month does not end up to a week late
    "segment.ms": str(86_400_000),
    "segment.bytes": str(64 * 2**20),
}


@dataclass(frozen=True)
class TopicCount:
    """A topic, its partitions, and how many records are in them."""

    topic: str
    partitions: int
    records: int


def silent_log() -> logging.Logger:
    """Return a log for librdkafka, which else writes to the terminal by itself."""
    log = logging.getLogger("cinespark.kafka")
    if not log.handlers:
        log.addHandler(logging.NullHandler())
        log.propagate = False
    return log


def admin(config: dict[str, str], said: list[str] | None = None) -> AdminClient:
    """Return who asks a broker; what the library says of it goes to `said`."""
    heard: list[str] = [] if said is None else said
    more: dict[str, Any] = {"error_cb": lambda error: heard.append(error.str())}
    return AdminClient(dict(config) | more, logger=silent_log())


def answers(address: str) -> bool:
    """Return whether a broker answers there now, and takes part in its cluster.

    One that was killed first has to register again.
    """
    asked = admin({"bootstrap.servers": address})
    try:
        return bool(asked.list_topics(timeout=1.0).brokers)
    except KafkaException:
        return False


def require_topic(settings: KafkaSettings, seconds: float = SECONDS) -> int:
    """Return how many partitions the topic has; our own broker gets a missing one.

    Raises
    ------
    CineSparkError
        If the broker does not answer, or has no such topic.
    """
    said: list[str] = []
    asked = admin(for_producer(settings), said)
    try:
        found = asked.list_topics(settings.topic, timeout=seconds)
    except KafkaException as error:
        raise unreachable(settings, said, error) from error
    topic = found.topics[settings.topic]
    if topic.error is None:
        return len(topic.partitions)
    if settings.is_own and topic.error.code() == KafkaError.UNKNOWN_TOPIC_OR_PART:
        make_topic(asked, settings, seconds)
        return PARTITIONS
    raise CineSparkError(
        f"{settings.bootstrap} has no topic {settings.topic} to write to "
        f"({topic.error.str()}): make it there (docs/streaming.md), or name another in "
        "CINESPARK_KAFKA_TOPIC"
    )


def make_topic(asked: AdminClient, settings: KafkaSettings, seconds: float) -> None:
    """Make the topic, unless somebody else has just made it, and wait until it is."""
    new = NewTopic(settings.topic, PARTITIONS, 1, config=OF_TOPIC)
    made = asked.create_topics([new], operation_timeout=seconds)[settings.topic]
    try:
        made.result(seconds)
    except KafkaException as error:
        if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
            raise CineSparkError(
                f"the topic {settings.topic} could not be made at "
                f"{settings.bootstrap}: {error.args[0].str()}; "
                "`cinespark kafka status` says what runs there"
            ) from error
    latest = time.monotonic() + seconds
    while time.monotonic() < latest:
        found = asked.list_topics(settings.topic, timeout=seconds)
        if found.topics[settings.topic].error is None:
            return
        time.sleep(0.05)


def unreachable(
    settings: KafkaSettings, said: list[str], error: KafkaException
) -> CineSparkError:
    """Return the error of a broker that does not answer, with what is known of it."""
    words = said[-1] if said else error.args[0].str()
    way_out = (
        "start it with `cinespark kafka start`"
        if settings.is_own
        else "check CINESPARK_KAFKA_BOOTSTRAP and the variables beside it "
        "(docs/streaming.md)"
    )
    return CineSparkError(
        f"no broker answers at {settings.bootstrap} ({words}): {way_out}"
    )


def topic_counts(address: str) -> list[TopicCount]:
    """Return the topics of an open broker, without its own, by name.

    Raises
    ------
    CineSparkError
        If it does not answer.
    """
    asked = admin({"bootstrap.servers": address})
    try:
        topics = asked.list_topics(timeout=SECONDS).topics
        places = {
            TopicPartition(name, partition)
            for name, topic in topics.items()
            if not name.startswith("__")
            for partition in topic.partitions
        }
        ends = offsets(asked, places, OffsetSpec.latest())  # type: ignore[no-untyped-call]
        begins = offsets(asked, places, OffsetSpec.earliest())  # type: ignore[no-untyped-call]
    except KafkaException as error:
        raise unreachable(KafkaSettings(address, "", is_own=True), [], error) from error
    names = sorted({place.topic for place in places})
    counts = {place: ends[place] - begins[place] for place in ends}
    return [
        TopicCount(
            name,
            len(topics[name].partitions),
            sum(count for (topic, _), count in counts.items() if topic == name),
        )
        for name in names
    ]


def offsets(
    asked: AdminClient, places: set[TopicPartition], which: OffsetSpec
) -> dict[tuple[str, int], int]:
    """Return an end of each partition, by topic and number."""
    if not places:
        return {}
    found = asked.list_offsets(dict.fromkeys(places, which), request_timeout=SECONDS)
    return {
        (place.topic, place.partition): future.result(SECONDS).offset
        for place, future in found.items()
    }
