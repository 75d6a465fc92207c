"""Folders whose names Java or Spark would take for something else."""

import os
import re
from pathlib import Path

from dbt.adapters.sparksession.machine import Finding

# what a part of a path is taken for, and by whom
TAKEN = {
    ":": "Java takes for the end of a file in its class path",
    ",": "Spark takes for the end of a folder in a list",
    r"[?*\[\]{}\\]": "Spark takes for a pattern of names",
    "%": "readers of the catalog take for an encoded character",
    r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]": "no setting can hold",
}
# a path of Linux has 4096 bytes at most; what is made below has so many itself
ROOM = 600
LONGEST = 4096 - ROOM


def find_folder(folder: Path | str) -> Finding:
    """Return whether Java and Spark can work in a folder of this name."""
    path = str(folder)
    length = len(os.fsencode(path))
    if length > LONGEST:
        found = f"{path[:40]}… has {length} bytes, and {LONGEST} leave room for files"
        return Finding(
            "folder", found, "use one nearer to the root, with shorter names"
        )
    for part, taken in TAKEN.items():
        if match := re.search(part, path):
            found = f"{path!r} holds {match[0]!r}, which {taken}"
            return Finding("folder", found, "rename it, or use another one")
    return Finding("folder", path)
