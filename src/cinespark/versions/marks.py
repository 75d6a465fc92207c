"""What people said of versions by rolling back: which are bad, which are to stay."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from cinespark.errors import CineSparkError
from cinespark.files import replace_file

MARKS = "marks.json"


@dataclass(frozen=True)
class Bad:
    """A version that was rolled back; its content is not published by itself."""

    content_sha256: str | None
    marked_at: str


@dataclass(frozen=True)
class Marks:
    """Marks by the name of the version.

    Parameters
    ----------
    bad
        Versions that somebody rolled back.
    kept
        Versions that somebody rolled back to.
    """

    bad: Mapping[str, Bad] = field(default_factory=dict)
    kept: tuple[str, ...] = ()

    def bad_with(self, content_sha256: str) -> str | None:
        """Return the bad version with this content, None if there is none."""
        for version, mark in self.bad.items():
            if mark.content_sha256 == content_sha256:
                return version
        return None


def read_marks(exports: Path) -> Marks:
    """Return the marks of the versions in a folder, none if nobody rolled back.

    Raises
    ------
    CineSparkError
        If the file is not one of ours.
    """
    file = exports / MARKS
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        bad = {version: Bad(**mark) for version, mark in found["bad"].items()}
        return Marks(bad, tuple(found["kept"]))
    except FileNotFoundError:
        return Marks()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CineSparkError(
            f"{file} cannot be read ({error}), so it is not known which versions are "
            "bad: restore it, or remove it to forget which versions were rolled back"
        ) from error


def write_marks(exports: Path, marks: Marks) -> None:
    """Replace the marks in one step; hold the folder's lock."""
    replace_file(exports / MARKS, json.dumps(asdict(marks), indent=1) + "\n")
