"""Folding in as long as a stream runs, into whichever version is current."""

import logging
import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

from cinespark.errors import CineSparkError
from cinespark.serve.opened import Opened, open_version
from cinespark.stream.before_switch import in_words
from cinespark.stream.event_catalog import metadata_of
from cinespark.stream.fold import Folded, fold_once, has_overlay, require_topic
from cinespark.versions.manifest import damaged_files
from cinespark.versions.overlay import FOLDER, remove_overlays_left
from cinespark.versions.versions import current_version

PAUSE = 0.1  # seconds between two looks at what there is
RETRY = 5.0  # seconds after a failure
log = logging.getLogger("cinespark.stream")


def keep_folding(
    exports: Path,
    state: Path,
    topic: str,
    stop: Event,
    told: Callable[[Folded], None],
) -> None:
    """Fold ratings into the current version as they come, until told to stop.

    Another version that becomes current is followed at once. A failure is told, and
    tried again: it ends nothing.

    Parameters
    ----------
    exports, state
        The folders of the published versions and of the state.
    topic
        Of the ratings.
    told
        Called after ratings were folded in, and of a problem that is another one than
        before.
    """
    opened: Opened | None = None
    seen: object = None
    again, problem = 0.0, None
    try:
        while not stop.wait(PAUSE):
            if time.monotonic() < again:
                continue
            try:
                opened = follow(exports, state, topic, opened)
                if opened is None:
                    continue
                metadata = metadata_of(state)
                if seen == (opened.name, metadata, has_overlay(state, opened)):
                    continue
                folded = fold_once(opened, state, topic, lambda: not stop.is_set())
                if folded.is_whole:
                    seen = opened.name, metadata, has_overlay(state, opened)
                problem = None
                if folded.users or folded.skipped:
                    told(folded)
            except Exception as error:  # or no list would ever change again
                log.debug("folding in failed", exc_info=True)
                again = time.monotonic() + RETRY
                words = in_words(error)
                if words != problem:
                    told(Folded(opened.name if opened else None, problem=words))
                problem = words
    finally:
        if opened is not None:
            opened.close()


def follow(
    exports: Path, state: Path, topic: str, opened: Opened | None
) -> Opened | None:
    """Return the version that is current, open; another one is closed.

    Overlays of versions that went are removed before.

    Raises
    ------
    CineSparkError
        If it is damaged, so that nobody serves it, cannot be opened, or has another
        topic; the other one stays open.
    """
    name = current_version(exports)
    if name == (opened.name if opened else None):
        return opened
    if name and (damaged := damaged_files(exports, name)):
        raise CineSparkError(
            f"version {name} is not served, as these files of it are damaged: "
            f"{', '.join(damaged)}: publish again with `dbt build`, or go back with "
            "`cinespark rollback`"
        )
    remove_overlays_left(state / FOLDER, exports)
    other = open_version(exports, name) if name else None
    if other is not None:
        try:
            require_topic(other.manifest, topic)
        except CineSparkError:
            other.close()
            raise
    if opened is not None:
        opened.close()
    return other


@contextmanager
def folding(
    exports: Path, state: Path, topic: str, told: Callable[[Folded], None]
) -> Iterator[None]:
    """Fold, in a thread beside the block, until it ends; arguments as before."""
    stop = Event()
    given = exports, state, topic, stop, told
    thread = Thread(target=keep_folding, args=given, name="folding")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def fold_rest(
    exports: Path,
    state: Path,
    topic: str,
    seconds: float = math.inf,
    may_go_on: Callable[[], bool] = lambda: True,
) -> Folded:
    """Fold into the current version what is there now, and return what it was.

    What fails is a problem of what is returned: the rows are in their table already.

    Parameters
    ----------
    seconds
        After which the rest is left to another time.
    may_go_on
        Whether it may, asked about once a second.
    """
    opened, end = None, time.monotonic() + seconds
    try:
        opened = follow(exports, state, topic, None)
        if opened is None:
            return Folded(None)
        in_time = lambda: time.monotonic() < end and may_go_on()  # noqa: E731
        return fold_once(opened, state, topic, in_time)
    except Exception as error:  # as in keep_folding
        return Folded(opened.name if opened else None, problem=in_words(error))
    finally:
        if opened is not None:
            opened.close()
