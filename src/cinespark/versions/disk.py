"""What versions take of the disk, where they may share files."""

import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class DiskUse:
    """Bytes of a version's files, and those of files that other versions have, too."""

    bytes: int
    shared_bytes: int


def disk_use(exports: Path, names: Iterable[str]) -> dict[str, DiskUse]:
    """Return what each of these versions takes of the disk; shared are links to one."""
    files = {name: files_of(exports / name) for name in names}
    holders = Counter(inode for found in files.values() for inode in found)
    return {
        name: DiskUse(
            sum(found.values()),
            sum(size for inode, size in found.items() if holders[inode] > 1),
        )
        for name, found in files.items()
    }


def files_of(folder: Path) -> dict[tuple[int, int], int]:
    """Return the bytes of each file in a folder, by its place on the disk."""
    try:
        found = [entry.stat() for entry in os.scandir(folder) if entry.is_file()]
    except OSError:
        return {}
    return {(one.st_dev, one.st_ino): one.st_size for one in found}
