"""The command that keeps the ratings of a topic: stream."""

import math
import re
import signal
import sys
from contextlib import nullcontext
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from threading import Event
from types import FrameType, ModuleType
from typing import TYPE_CHECKING

import click

from cinespark.cli.output import LiveLine, say
from cinespark.cli.topic import dataset_here
from cinespark.errors import CineSparkError
from cinespark.paths import exports_of, project_root, state_dir

if TYPE_CHECKING:
    from cinespark.stream.fold import Folded
    from cinespark.stream.progress import Counts

LAST_SECONDS = 10.0  # for lists, once a stream was told to end


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
    default=1_000_000,
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
@click.option(
    "--fold/--no-fold",
    default=True,
    show_default=True,
    help="Make the lists of who rates anew, too, of the version that is current.",
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
    fold: bool,
    target: str | None,
) -> None:
    """Keep each rating that is sent to Kafka in the table rating_events, exactly once.

    It goes on where it was, whatever ended it. SIGTERM and Ctrl-C end it after the
    batch that runs. docs/streaming.md tells how to name the broker and the topic.
    """
    stop = Event()
    heed_signals(stop)
    from cinespark.stream.progress import line_of
    from cinespark.stream.query import Manner
    from cinespark.stream.run import Place
    from cinespark.stream.run import stream as run
    from cinespark.topic.settings import kafka_settings

    folder = state_dir(state)
    place = Place(project_root(), folder, target, memory)
    manner = Manner(once, every, batch, max_rejected)
    settings = kafka_settings(folder, dataset_here(folder))
    line, folded = LiveLine(sys.stderr), Folds()
    given = exports_of(folder), folder, settings.topic

    def tell(text: str) -> None:
        line.end()
        say(text, err=True)

    def show(counts: "Counts") -> None:
        line.show(f"{line_of(counts)}{folded.words()}")
        if fold:
            keep_folding()  # imported while the query reads

    def told(one: "Folded") -> None:
        folded.add(one)
        if one.problem:
            tell(f"lists do not follow: {one.problem}")

    follows = fold and not once
    try:
        with keep_folding().folding(*given, told) if follows else nullcontext():
            counts = run(
                place, settings, manner, stop, show, tell, lambda: heed_signals(stop)
            )
        rest = fold_rest(*given, once, stop) if fold else None
        if rest:
            told(rest)
    finally:
        line.end()
    words = f"{line_of(counts)}{folded.words()}"
    say(f"{'done' if once else 'stopped'}: {words}", err=True)
    require_followed(rest, once)


def keep_folding() -> ModuleType:
    """Return what folds ratings in, which takes more than a second to import."""
    return import_module("cinespark.stream.keep_folding")


def fold_rest(
    exports: Path, state: Path, topic: str, once: bool, stop: Event
) -> "Folded":
    """Fold in what the last batch brought, for as long as who is to end may take."""
    is_ending = stop.is_set()  # then a second signal raises
    seconds = math.inf if once else LAST_SECONDS
    may_go_on = lambda: is_ending or not stop.is_set()  # noqa: E731
    found: Folded = keep_folding().fold_rest(exports, state, topic, seconds, may_go_on)
    return found


def require_followed(rest: "Folded | None", once: bool) -> None:
    """Raise if one reading of the topic left lists behind."""
    if once and rest is not None and rest.problem:
        raise CineSparkError(
            "the records are in the table, and lists do not follow them: see above, "
            "then `cinespark stream --once` again, or with --no-fold"
        )


@dataclass
class Folds:
    """How many lists were made anew, for the line of a stream."""

    lists: int = 0

    def add(self, folded: "Folded") -> None:
        """Count what was folded in."""
        self.lists += folded.users

    def words(self) -> str:
        """Return how many, nothing where there were none."""
        if not self.lists:
            return ""
        return f", {self.lists:,} {'list' if self.lists == 1 else 'lists'} anew"


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
