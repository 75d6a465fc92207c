"""Who sends for a service: one producer for all its threads, which waits a little."""

import threading
import time
from collections.abc import Callable, Sequence

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from cinespark.errors import CineSparkError
from cinespark.topic.contract import Record
from cinespark.topic.producer import Position, make_producer, position_of
from cinespark.topic.settings import KafkaSettings
from cinespark.topic.topics import require_topic

SECONDS = 2.0  # that somebody waits for the broker
REST = 5.0  # seconds until a broker is asked again that did not answer


class Sender:
    """Sends records of several threads, and says of each where it is or why it is not.

    A broker that does not answer is left alone for a while, so that not everybody waits
    for it in turn. The producer is made by the first who sends: it has threads of its
    own, which no fork takes along.

    Parameters
    ----------
    on_rest
        Called with the reason each time that a broker is left alone.
    seconds
        That a record may take.
    rest
        Seconds until a broker is asked again.
    """

    def __init__(
        self,
        on_rest: Callable[[str], None],
        seconds: float = SECONDS,
        rest: float = REST,
    ) -> None:
        self._on_rest, self._seconds, self._rest = on_rest, seconds, rest
        self._lock = threading.Lock()
        self._producers: dict[tuple[str, str], Producer] = {}  # by servers and topic
        self._out_until, self._reason = 0.0, ""

    def send(
        self, settings: KafkaSettings, records: Sequence[Record]
    ) -> list[Position | str]:
        """Return where each record is, or why it is nowhere that is known of.

        One that is not acknowledged in time may be in the topic all the same, if only
        the broker's answer was lost.
        """
        producer = self._producer(settings)
        if producer is None:
            return [self._reason] * len(records)
        waiting = Waiting(len(records))
        for place, (key, value) in enumerate(records):
            try:
                producer.produce(
                    settings.topic, value, key, on_delivery=waiting.told(place)
                )
            except (BufferError, KafkaException) as error:
                waiting.note(place, str(error))
        # the library looks once a second for records whose time is over
        found = waiting.outcomes(self._seconds + 1.5)
        if reasons := [one for one in found if isinstance(one, str)]:
            self._let_rest(reasons[0])
            self._drop(producer)
        return found

    def close(self) -> None:
        """Wait for what is on its way, and end."""
        with self._lock:
            for producer in self._producers.values():
                producer.flush(self._seconds)
            self._producers.clear()

    def _let_rest(self, reason: str) -> None:
        self._reason, self._out_until = reason, time.monotonic() + self._rest
        self._on_rest(reason)

    def _producer(self, settings: KafkaSettings) -> Producer | None:
        """Return the producer for a topic, None while its broker does not answer.

        The topic is looked for before the first record.
        """
        place = settings.bootstrap, settings.topic
        with self._lock:
            if time.monotonic() < self._out_until:
                return None
            if (found := self._producers.get(place)) is not None:
                return found
            try:
                require_topic(settings, self._seconds)
                producer = make_producer(settings, self._seconds)
            except (CineSparkError, KafkaException) as error:
                self._let_rest(str(error))
                return None
            self._producers[place] = producer
            threading.Thread(
                target=self._poll, args=(place, producer), name="kafka", daemon=True
            ).start()
            return producer

    def _drop(self, producer: Producer) -> None:
        """Have the next who sends begin anew: the broker may be another one by then."""
        with self._lock:
            self._producers = {
                place: one
                for place, one in self._producers.items()
                if one is not producer
            }

    def _poll(self, place: tuple[str, str], producer: Producer) -> None:
        """Have outcomes told as they come, until none is waited for."""
        while self._producers.get(place) is producer or len(producer):
            producer.poll(0.5)


class Waiting:
    """The outcomes of some records, and who waits for all of them."""

    def __init__(self, count: int) -> None:
        self._found: list[Position | str | None] = [None] * count
        self._missing = count
        self._lock = threading.Lock()
        self._all = threading.Event()
        if not count:
            self._all.set()

    def note(self, place: int, outcome: Position | str) -> None:
        """Note an outcome; the last one wakes who waits."""
        with self._lock:
            self._found[place] = outcome
            self._missing -= 1
            if not self._missing:
                self._all.set()

    def told(self, place: int) -> Callable[[KafkaError | None, Message], None]:
        """Return what librdkafka tells the outcome of a record to."""

        def tell(error: KafkaError | None, message: Message) -> None:
            self.note(place, error.str() if error else position_of(message))

        return tell

    def outcomes(self, seconds: float) -> list[Position | str]:
        """Return the outcomes, once all are there or the time is over."""
        self._all.wait(seconds)
        with self._lock:
            return [one or "no answer in time" for one in self._found]
