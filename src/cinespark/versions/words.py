"""What the published data set calls its items and its stars."""

from pathlib import Path

from cinespark.versions.manifest import read_manifest
from cinespark.versions.versions import current_version, reading_current
from cinespark.vocabulary import USUAL, Vocabulary


def current_vocabulary(exports: Path) -> Vocabulary:
    """Return the vocabulary of the current version, the usual one if there is none.

    Raises
    ------
    CineSparkError
        If the current version is damaged.
    """
    if current_version(exports) is None:
        return USUAL
    with reading_current(exports) as version:
        return read_manifest(exports, version).vocabulary
