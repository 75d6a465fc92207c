"""The one line that names the current version, replaced in one step."""

from pathlib import Path

from cinespark.files import replace_file
from cinespark.versions.versions import read_current


def point_current_at(exports: Path, version: str) -> None:
    """Make a version the current one: replace the file `current` in one step."""
    if version != read_current(exports):
        replace_file(exports / "current", version + "\n")
