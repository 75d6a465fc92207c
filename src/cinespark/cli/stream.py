"""The command that keeps the ratings of a topic: stream."""

import re
import signal
import sys
from pathlib import Path
from threading import Event
from types import FrameType
from typing import TYPE_CHECKING

import click

from cinespark.cli.output import say
from cinespark.cli.topic import dataset_here
from cinespark.paths import project_root, state_dir

if TYPE_CHECKING:
    from cinespark.stream.progress import Counts


@click.command()
@click.option("--once", is_flag=True, help="Read what is there now, and end.")
@click.option(
    "--every",
    type=click.FloatRange(min=0),
    default=1.0,
    show_default=True,
    help="Seconds from one batch to the next.",
)
@click.option(
    "--batch",
    type=click.IntRange(min=1),
    default=200_000,
    show_default=True,
    help="The most records of a batch.",
)
@click.option(
    "--max-rejected",
    type=click.FloatRange(0, 1),
    default=0.5,
    show_default=True,
    help="The share of the last 1,000 records that may break the contract.",
)
@click.option(
    "--memory",
    default="1g",
    show_default=True,
    callback=lambda _context, _option, value: heap(value),
    help="Of Spark's heap, as 900m or 2g.",
)
@click.option("--target", envvar="DBT_TARGET", help="Target of profiles.yml.")
@click.pass_obj
def stream(
    state: Path | None,
    once: bool,
    every: float,
    batch: int,
    max_rejected: float,
    memory: str,
    target: str | None,
) -> None:
    """Keep each rating that is sent to Kafka in the table rating_events, exactly once.

    It goes on where it was, whatever ended it. SIGTERM and Ctrl-C end it after the
    batch that runs. docs/streaming.md tells how to name the broker and the topic.
    """
    stop = Event()
    heed_signals(stop)
    from cinespark.stream.progress import LiveLine, line_of
    from cinespark.stream.query import Manner
    from cinespark.stream.run import Place
    from cinespark.stream.run import stream as run
    from cinespark.topic.settings import kafka_settings

    folder = state_dir(state)
    place = Place(project_root(), folder, target, memory)
    manner = Manner(once, every, batch, max_rejected)
    settings = kafka_settings(folder, dataset_here(folder))
    line = LiveLine(sys.stderr)

    def tell(text: str) -> None:
        line.end()
        say(text, err=True)

    def show(counts: "Counts") -> None:
        line.show(line_of(counts))

    try:
        counts = run(
            place, settings, manner, stop, show, tell, lambda: heed_signals(stop)
        )
    finally:
        line.end()
    say(f"{'done' if once else 'stopped'}: {line_of(counts)}", err=True)


def heap(value: str) -> str:
    """Return what Java takes as the size of a heap."""
    if re.fullmatch(r"[1-9]\d*[mg]", value) is None:
        raise click.BadParameter(f"{value!r} is no size, as 900m or 2g")
    return value


def heed_signals(stop: Event) -> None:
    """Let SIGTERM and Ctrl-C end the stream after its batch, a second one at once."""

    def end(_signal: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, end)
