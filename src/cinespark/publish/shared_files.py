"""Files that versions share: one file on the disk, under a name in each of them."""

import os
from collections.abc import Iterable
from pathlib import Path

from cinespark.files import NEW, sha256_of
from cinespark.versions.manifest import (
    MANIFEST,
    PublishedFile,
    damaged_files,
    read_manifest,
)
from cinespark.versions.versions import versions


def link_shared(exports: Path, folder: Path, files: Iterable[PublishedFile]) -> None:
    """Replace files of a new version by links to the same ones of older versions.

    No file of a version is written to again: what is written anew is written aside and
    moved, which leaves the others as they are. Each is read once more before it is
    linked, so that no new version begins with a damaged file. Where the disk has no
    links, the copy stays.

    Parameters
    ----------
    exports
        The folder of all versions; hold its lock.
    folder
        Of the new version.
    files
        Of the new version, as its manifest will have them.
    """
    there = published(exports)
    for file in files:
        other = there.get(file.sha256)
        if other is not None and is_whole(other, file):
            link_over(other, folder / file.path)


def published(exports: Path) -> dict[str, Path]:
    """Return a file for each sum that a manifest names, of the newest such version."""
    return {
        file.sha256: exports / name / file.path
        for name in versions(exports)
        if MANIFEST not in damaged_files(exports, name, by_sum=False)
        for file in read_manifest(exports, name).files
    }


def is_whole(path: Path, file: PublishedFile) -> bool:
    """Return whether a file is there and has the sum of another one."""
    try:
        return path.stat().st_size == file.bytes and sha256_of(path) == file.sha256
    except OSError:
        return False


def link_over(there: Path, place: Path) -> None:
    """Put a link to a file in the place of a copy, in one step, if the disk has any."""
    new = place.with_name(f"{NEW}{place.name}")
    try:
        os.link(there, new, follow_symlinks=False)
    except OSError:  # another disk, one without links, or too many of them
        return
    new.replace(place)
