"""Commands around the topic of ratings: a broker on this machine, and a feed."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cinespark.cli.output import SECONDS, LiveLine, say
from cinespark.errors import CineSparkError
from cinespark.paths import data_of, state_dir

if TYPE_CHECKING:
    from cinespark.topic.broker import Java
    from cinespark.topic.feed import Pace, Tally
    from cinespark.topic.rows import Row
    from cinespark.topic.settings import KafkaSettings

SPEED = 3600.0  # an hour of theirs in a second: MovieLens 100K takes an hour and a half


@click.group()
def kafka() -> None:
    """Run an Apache Kafka of one node on this machine, for development and tests."""


@kafka.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help="Where it listens, 0 for any that is free.  [that of the last time, or 9092]",
)
@click.pass_obj
def start(state: Path | None, port: int | None) -> None:
    """Start the broker, wait until it answers, and make the data set's topic.

    It listens on this machine's loopback alone and keeps its records in var/kafka. Its
    jars are brought when they are first needed.
    """
    from cinespark.topic.broker import start as start_broker
    from cinespark.topic.settings import FOLDER, PREFIX, KafkaSettings, topic_of
    from cinespark.topic.topics import require_topic

    folder = state_dir(state)
    broker, is_new = start_broker(
        folder / FOLDER, java(folder), port, lambda: say("waiting for another command")
    )
    how = "answers" if is_new else "runs already"
    say(f"the broker {how} at {broker.address} (process {broker.pid})")
    dataset = dataset_here(folder)
    if dataset is not None or f"{PREFIX}TOPIC" in os.environ:
        topic = topic_of(dataset)
        require_topic(KafkaSettings(broker.address, topic, is_own=True))
        say(f"topic: {topic}")


@kafka.command()
@click.pass_obj
def stop(state: Path | None) -> None:
    """Stop the broker, and wait until it has ended."""
    from cinespark.topic.broker import stop as stop_broker
    from cinespark.topic.settings import FOLDER

    stopped = stop_broker(
        state_dir(state) / FOLDER, lambda: say("waiting for another command")
    )
    words = "no broker runs" if stopped is None else f"process {stopped} has ended"
    say(words)


@kafka.command()
@click.pass_obj
def status(state: Path | None) -> None:
    """Say whether the broker runs, since when, and what is in its topics.

    The exit code is 3 where none runs.
    """
    from datetime import datetime

    from cinespark.topic.broker import running_broker
    from cinespark.topic.settings import FOLDER
    from cinespark.topic.topics import topic_counts

    folder = state_dir(state) / FOLDER
    broker = running_broker(folder) if folder.is_dir() else None
    if broker is None:
        say(f"no broker runs in {folder}")
        sys.exit(3)
    since = datetime.fromtimestamp(broker.started).astimezone()
    say(f"{broker.address}, process {broker.pid}, since {since:%Y-%m-%d %H:%M:%S}")
    for one in topic_counts(broker.address):
        say(f"{one.topic}: {one.records:,} records in {one.partitions} partitions")


def java(folder: Path) -> "Java":
    """Return Java with Kafka's jars, which are brought if they are not there.

    Raises
    ------
    CineSparkError
        If there is no Java that will do, or a jar does not come as it should.
    """
    from importlib.util import find_spec

    from dbt_common.exceptions import DbtRuntimeError

    import cinespark.topic
    from cinespark.topic.broker import Java
    from dbt.adapters.sparksession.jars import fetch_jars, jar_files, missing_jars
    from dbt.adapters.sparksession.java_locale import java_locale
    from dbt.adapters.sparksession.machine import find_java, java_program, require

    lock = Path(cinespark.topic.__file__).with_name("broker.lock")
    jars = folder / "jars" / "broker"
    try:
        require(find_java())
        if missing_jars(jars, lock):
            say("jars: resolving Kafka's with Spark (half a minute, once)")
        fetch_jars(jars, lambda: say("jars: waiting for another process"), lock)
    except DbtRuntimeError as error:
        raise CineSparkError(str(error.msg)) from error
    spark = find_spec("pyspark")
    assert spark is not None  # the adapter depends on it
    assert spark.origin is not None
    scala = Path(spark.origin).parent.glob("jars/scala-library-*.jar")
    program = java_program()
    assert program is not None  # it was found
    environment = dict(os.environ) | java_locale()
    return Java(program, [*jar_files(jars, lock), *scala], environment)


def dataset_here(folder: Path) -> str | None:
    """Return the name of the current data set, None where there is none."""
    from cinespark.data.landing import read_manifest

    manifest = read_manifest(data_of(folder))
    return None if manifest is None else manifest.about.dataset


@click.command()
@click.argument("file", required=False, metavar="[FILE|-]")
@click.option("--rate", type=click.FloatRange(min=0, min_open=True), help="A second.")
@click.option(
    "--speed",
    type=click.FloatRange(min=0, min_open=True),
    help=f"Their own pace, so many times as fast.  [{SPEED:g}]",
)
@click.option("--count", type=click.IntRange(min=1), help="How many at most.")
@click.option("--now", is_flag=True, help="Rated now, and not when the file says.")
@click.pass_obj
def produce(
    state: Path | None,
    file: str | None,
    rate: float | None,
    speed: float | None,
    count: int | None,
    now: bool,
) -> None:
    """Send ratings to the topic as a live feed, until they end or Ctrl-C.

    FILE is a ratings.csv as `cinespark data` lands it, or has a rating as JSON in each
    line; - is the standard input. Without FILE the ratings are those of the current
    data set, which wants --rate. docs/streaming.md has the contract.
    """
    from cinespark.topic.feed import Pace, feed, signals
    from cinespark.topic.settings import kafka_settings

    if rate is not None and speed is not None:
        raise CineSparkError("--rate and --speed are two paces: give one of them")
    if file is None and rate is None:
        raise CineSparkError(
            "send what? Name a FILE, or - for the standard input, or give --rate for "
            "the ratings of the current data set"
        )
    folder = state_dir(state)
    settings = kafka_settings(folder, dataset_here(folder))
    if rate is None and file != "-":
        speed = speed or SPEED
    pace = Pace(rate, speed, count, now)
    line = LiveLine(sys.stderr, SECONDS)
    with signals() as stopping:
        rows = rows_to_send(folder, file, pace)
        tally = feed(
            settings, rows, pace, stopping, lambda tally: line.show(progress_of(tally))
        )
    line.clear()
    report(settings, tally, file != "-" and not now)


def rows_to_send(folder: Path, file: str | None, pace: "Pace") -> Iterator["Row"]:
    """Return the rows of a file, of the standard input or of the current data set."""
    from cinespark.data.landing import read_manifest
    from cinespark.topic.rows import rows_of, rows_of_input

    data = data_of(folder)
    manifest = read_manifest(data)
    given = manifest.vars if manifest is not None else {}
    is_number = given.get("id_type", "int") != "string"
    if file == "-":
        sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
        return rows_of_input(sys.stdin, is_number)
    path = data / "ratings.csv" if file is None else Path(file)
    # what is rated now is something new each time; what is replayed is what it was
    return rows_of(path, is_number, pace.speed is not None, not pace.is_now)


def progress_of(tally: "Tally") -> str:
    """Return in one line how far a feed is."""
    return (
        f"{tally.acknowledged:,} acknowledged, {tally.waiting:,} on their way, "
        f"{tally.acknowledged / tally.seconds:,.0f} a second"
    )


def report(settings: "KafkaSettings", tally: "Tally", is_replay: bool) -> None:
    """Say how many were acknowledged.

    Parameters
    ----------
    is_replay
        Whether what is sent again has the same `event_id`.

    Raises
    ------
    CineSparkError
        If some were not, or were not sent.
    """
    tried = tally.sent + tally.refused
    words = (
        f"{tally.acknowledged:,} of {tried:,} ratings were acknowledged by "
        f"{settings.bootstrap} in the topic {settings.topic}, in {tally.seconds:.1f} s"
    )
    say(words)
    problems = []
    if tally.refused:
        which = "; ".join(tally.refusals)
        problems.append(
            f"{tally.refused:,} break the contract and were not sent ({which})"
        )
    if lost := tally.sent - tally.acknowledged:
        why = "; ".join(tally.reasons) or "no answer came before you wanted an end"
        again = "send the file again, of which each rating counts once"
        problems.append(
            f"{lost:,} were not acknowledged ({why}): "
            f"{again if is_replay else 'see that the broker runs, and send them again'}"
        )
    if problems:
        raise CineSparkError("; ".join(problems))
