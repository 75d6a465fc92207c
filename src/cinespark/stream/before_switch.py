"""Folding into a version before it becomes current, after a build or a rollback."""

import logging
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from cinespark.errors import CineSparkError
from cinespark.stream.event_catalog import metadata_of

SECONDS = 60.0  # that a build waits for what came while it ran
ROLLBACK_SECONDS = 10.0  # and somebody who goes back
LEFT = "all that was rated since it was made (`cinespark stream` folds it in)"
log = logging.getLogger("cinespark.stream")


def fold_before_switch(
    exports: Path,
    state: Path,
    version: str,
    say: Callable[[str], None] = log.warning,
    seconds: float = SECONDS,
) -> None:
    """Fold into a version, before it becomes current, what came since it was made.

    It never keeps a version from becoming current: what cannot be folded in, or not in
    time, is told, and `cinespark stream` folds it in afterwards. Without a stream there
    is nothing to do, and nothing is imported for it.

    Parameters
    ----------
    say
        Told what is not in.
    seconds
        After which it is left as it is.
    """
    end = time.monotonic() + seconds
    try:
        if metadata_of(state) is None:
            return
        from cinespark.serve.opened import open_version
        from cinespark.stream.fold import fold_once, topic_of_version

        with closing(open_version(exports, version)) as opened:
            topic = topic_of_version(opened.manifest)
            folded = fold_once(opened, state, topic, lambda: time.monotonic() < end)
    except Exception as error:  # whatever it is, there is something to publish
        say(f"{version} becomes current without {LEFT}: {in_words(error)}")
        return
    if not folded.is_whole:
        say(f"{version} becomes current without {LEFT}: {seconds:.0f} s were too short")


def in_words(error: Exception) -> str:
    """Return what an error says, in one line."""
    words = " ".join(str(error).split())[:400]
    is_ours = isinstance(error, CineSparkError)
    return words if is_ours else f"{type(error).__name__}: {words}"
