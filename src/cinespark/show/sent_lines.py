"""The lines of segments behind a user's ratings: of those that a build has read."""

import hashlib
import json
from collections.abc import Collection, Iterator
from pathlib import Path

from cinespark.show.landing_lines import Line

LIST = "pinned-*.json"


def sent_lines(
    folder: Path, sha256: str, user_id: int | str, movie_ids: Collection[int | str]
) -> list[Line] | None:
    """Return a user's lines of some movies in segments, in the order they came in.

    None if the list of the segments is gone, or one of them, or if one is damaged.

    Parameters
    ----------
    folder
        The one with the segments of a data set, and with their lists.
    sha256
        That of the list that a build has read.
    """
    segments = segments_of(folder, sha256)
    if segments is None:
        return None
    found: list[tuple[str, Line]] = []
    for name, sum_ in sorted(segments.items()):
        file = folder / name
        if not file.is_file():
            return None
        content = file.read_bytes()  # 16 MiB at most
        if hashlib.sha256(content).hexdigest() != sum_:
            return None
        found.extend(lines_in(file, content, user_id, movie_ids))
    return [line for _, line in sorted(found, key=lambda one: one[0])]


def segments_of(folder: Path, sha256: str) -> dict[str, str] | None:
    """Return the sums of a list's segments by name, None if there is no such list."""
    for file in sorted(folder.glob(LIST)):
        try:
            pinned = json.loads(file.read_text(encoding="utf-8"))
            if pinned["sha256"] == sha256:
                return {one["file"]: one["sha256"] for one in pinned["files"]}
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return None


def lines_in(
    file: Path, content: bytes, user_id: int | str, movie_ids: Collection[int | str]
) -> Iterator[tuple[str, Line]]:
    """Yield a user's lines of a segment, each with the time when it came in."""
    of_user = f'"user_id": {json.dumps(user_id)},'.encode()
    for number, text in enumerate(content.splitlines(), 1):
        if of_user not in text:
            continue
        try:
            row = json.loads(text)
            if row["user_id"] == user_id and row["movie_id"] in movie_ids:
                line = Line(
                    number,
                    row["movie_id"],
                    str(row["rating"]),
                    int(row["rated_at"]),
                    file,
                )
                yield row["received_at"], line
        except (ValueError, KeyError, TypeError):  # it was rejected
            continue
