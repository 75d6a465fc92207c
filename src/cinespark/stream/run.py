"""A whole stream: looks, locks, jars, Spark, the query."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from dbt_common.exceptions import DbtRuntimeError
from pyspark.sql import SparkSession

from cinespark.errors import CineSparkError
from cinespark.spark_session import (
    credentials_of,
    one_line,
    read_profile,
    start_session,
    worded,
)
from cinespark.stream.begin import find_start
from cinespark.stream.checkpoint import checkpoint_of
from cinespark.stream.holding import only_stream
from cinespark.stream.progress import Counts
from cinespark.stream.query import Manner, run_stream
from cinespark.stream.upstream import look_at
from cinespark.topic.settings import KafkaSettings, for_spark
from dbt.adapters.sparksession.jars import fetch_jars, jar_files

CONNECTOR = Path(__file__).with_name("connector.lock")
JARS = "spark.jars"
# where much waits, Kafka's own 500 records and 1 MiB cost a fifth of the time
FETCH = {
    "kafka.max.poll.records": "20000",
    "kafka.max.partition.fetch.bytes": str(8 * 2**20),
}


@dataclass(frozen=True)
class Place:
    """Where a stream runs: the project, its state folder, the target, Spark's heap."""

    root: Path
    state: Path
    target: str | None = None
    heap: str = "1g"


def stream(
    place: Place,
    settings: KafkaSettings,
    manner: Manner,
    stop: Event,
    show: Callable[[Counts], None],
    say: Callable[[str], None],
    ready: Callable[[], None] = lambda: None,
) -> Counts:
    """Append the records of a topic to the table, until told to stop.

    Parameters
    ----------
    stop, show
        As in `run_stream`.
    say
        Told what takes time, and what maintenance has done.
    ready
        Called when Spark is there, which takes the signals of the process for itself.

    Raises
    ------
    CineSparkError
        If the broker, the topic, the table or the checkpoint is not as it should be, if
        another process streams the same, if the query dies, or if too many records are
        rejected.
    """
    checkpoint = checkpoint_of(place.state, settings.topic)
    waiting = "waiting for cinespark maintain to end"
    with only_stream(checkpoint, settings.topic, lambda: say(waiting)) as hold:
        topic = look_at(settings)
        session = open_session(place, say)
        hold(java_process(session))
        ready()
        with worded():
            start = find_start(session, settings.topic, topic, checkpoint, say)
            if stop.is_set():
                return Counts(manner.judged)
            say(f"streaming {settings.topic} from {settings.bootstrap}")
            source = for_spark(settings) | FETCH
            source |= {"subscribe": settings.topic, "startingOffsets": start}
            return run_stream(session, source, checkpoint, manner, stop, show, say)


def open_session(place: Place, say: Callable[[str], None]) -> SparkSession:
    """Return a session of the target that can read Kafka, with jars brought if need be.

    Raises
    ------
    CineSparkError
        If the profile cannot be used, a jar cannot be brought or Spark does not start.
    """
    credentials = credentials_of(
        read_profile(place.root, place.target), place.root, place.state
    )
    state = Path(credentials.state_dir)
    folder = state / "jars" / "connector"
    try:
        if brought := fetch_jars(folder, lambda: say("waiting for jars"), CONNECTOR):
            say(f"jars: {len(brought)} in {folder}")
    except DbtRuntimeError as error:
        raise CineSparkError(one_line(str(error.msg))) from error
    given = credentials.spark_config
    # no part of the class path: the JVM's archive of classes is for that without them
    own = [given[JARS]] if JARS in given else []
    credentials.input_dir = None  # it runs for long: let the JVM optimise
    credentials.spark_config = {
        "spark.driver.memory": place.heap,
        **given,
        JARS: ",".join([*own, *map(str, jar_files(folder, CONNECTOR))]),
    }
    return start_session(credentials)


def java_process(session: SparkSession) -> int:
    """Return the number of the process of Spark's JVM."""
    jvm = session._jvm
    assert jvm is not None
    return int(jvm.java.lang.ProcessHandle.current().pid())
