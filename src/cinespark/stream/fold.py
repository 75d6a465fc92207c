"""Fold-in: what people rate now changes their lists now, without learning anew."""

import sqlite3
import time
from array import array
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Connection

import numpy as np
import pyarrow as pa
from pyiceberg.table import Table

from cinespark.errors import CineSparkError
from cinespark.serve.ids import id_of_text
from cinespark.serve.opened import Opened
from cinespark.stream.event_catalog import metadata_of
from cinespark.stream.event_table import (
    events_before,
    new_rows,
    open_table,
    snapshot_of,
)
from cinespark.stream.fold_rows import (
    fold_rows,
    length_of_lists,
    positions_learnt,
)
from cinespark.stream.overlay_store import (
    mark_of,
    note,
    open_overlay,
    positions_in,
    removed_if_damaged,
    snapshot_in,
    writing,
)
from cinespark.topic.settings import topic_of
from cinespark.versions.manifest import Manifest
from cinespark.versions.overlay import FOLDER, overlay_file

FIRST_ROWS, MOST_ROWS = 200, 20_000  # of a transaction
SECONDS = 1.0  # that a transaction takes, as near as it can be said


@dataclass(frozen=True)
class Folded:
    """What was folded into a version.

    Parameters
    ----------
    version
        None where nothing is published.
    ratings, skipped
        New ones that count, and rows that are no ratings of the data set.
    users
        Whose lists were made anew; one may be there several times.
    seconds
        That it took.
    is_whole
        Whether all is in that was there when it began.
    problem
        Why it failed.
    """

    version: str | None
    ratings: int = 0
    users: int = 0
    skipped: int = 0
    seconds: float = 0.0
    is_whole: bool = True
    problem: str | None = None


def fold_once(
    opened: Opened,
    state: Path,
    topic: str,
    may_go_on: Callable[[], bool] = lambda: True,
) -> Folded:
    """Fold into a version what came since it, or since the last time.

    Transaction by transaction, each with the position that it leads to: whoever is
    killed goes on where the last one ended. An overlay that turns out to be damaged is
    made anew, once.

    Parameters
    ----------
    opened
        The version, opened without its overlay.
    may_go_on
        Asked before each transaction, which take about a second.
    """
    try:
        return fold_new(opened, state, topic, may_go_on)
    except sqlite3.DatabaseError:
        if not removed_if_damaged(state / FOLDER, opened.name):
            raise
        return fold_new(opened, state, topic, may_go_on)


def fold_new(
    opened: Opened, state: Path, topic: str, may_go_on: Callable[[], bool]
) -> Folded:
    """Fold in what is new, as `fold_once` does; an overlay that is damaged raises."""
    begun = time.perf_counter()
    metadata = metadata_of(state)
    if metadata is None:
        return Folded(opened.name)
    table = open_table(state, metadata)
    start = positions_learnt(opened, topic)
    if not has_overlay(state, opened) and is_empty(new_rows(table, topic, start, None)):
        return Folded(opened.name, seconds=time.perf_counter() - begun)
    learnt = learnt_events(opened, table, topic, start)
    counts: Counter[str] = Counter()
    with closing(open_overlay(state / FOLDER, opened.name, topic, start, learnt)) as at:
        positions = positions_in(at, topic) or start
        rows = new_rows(table, topic, positions, snapshot_in(at, topic))
        is_whole = fold_some(opened, at, topic, rows, counts, may_go_on)
        if is_whole:
            with writing(at):
                note(at, topic, snapshot_of(table))
    seconds = time.perf_counter() - begun
    found = counts["ratings"], counts["users"], counts["skipped"]
    return Folded(opened.name, *found, seconds, is_whole)


def is_empty(tables: Iterator[pa.Table]) -> bool:
    """Return whether there is not one: no overlay is made for nothing."""
    return next(tables, None) is None


def fold_some(
    opened: Opened,
    store: Connection,
    topic: str,
    tables: Iterator[pa.Table],
    counts: Counter[str],
    may_go_on: Callable[[], bool],
) -> bool:
    """Fold rows in, about a second of them in a transaction, and return whether all.

    Parameters
    ----------
    counts
        To which those of `fold_rows` are added.
    """
    n, size = length_of_lists(opened), FIRST_ROWS
    for rows in tables:
        first = 0
        while first < rows.num_rows:
            if not may_go_on():
                return False
            begun = time.perf_counter()
            some = rows.slice(first, min(size, MOST_ROWS))
            counts += fold_rows(opened, store, topic, some, n)
            first += some.num_rows
            pace = SECONDS / max(time.perf_counter() - begun, SECONDS / 4)
            size = max(FIRST_ROWS, int(some.num_rows * pace))
    return True


def learnt_events(
    opened: Opened, table: Table, topic: str, start: dict[int, int]
) -> Iterator[int]:
    """Yield marks of events that a version has learnt from, in rising order."""
    marks = array("q")  # 8 bytes for each of them
    for text, event_id in events_before(table, topic, start):
        user_id = id_of_text(text, opened.id_type)
        if user_id is not None:
            marks.append(mark_of(user_id, event_id))
    yield from np.sort(np.asarray(marks, np.int64)).tolist()


def has_overlay(state: Path, opened: Opened) -> bool:
    """Return whether a version has an overlay."""
    return overlay_file(state / FOLDER, opened.name).exists()


def require_topic(manifest: Manifest, topic: str) -> None:
    """Raise unless the ratings of a topic are of the data set of a version.

    Raises
    ------
    CineSparkError
        If ids of the topic would mean somebody else.
    """
    expected = topic_of_version(manifest)
    if expected != topic:
        raise CineSparkError(
            f"version {manifest.version} has its ratings from the topic {expected}, "
            f"and this stream is of {topic}: nothing is folded in until a version of "
            f"its data set is current"
        )


def topic_of_version(manifest: Manifest) -> str:
    """Return the topic of the ratings of a version's data set.

    Raises
    ------
    CineSparkError
        If it does not say of which data set it is, and the environment names none.
    """
    about = manifest.about
    return topic_of(about.dataset.name if about else None)
