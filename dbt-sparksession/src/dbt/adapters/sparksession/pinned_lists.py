"""Lists of the files of a folder that others add to: made once, read by all nodes."""

import hashlib
import json
from pathlib import Path
from threading import Lock
from typing import Any
from uuid import uuid4

PINNED, KIND = "pinned-", ".json"
KEPT = 20  # lists of earlier commands that stay, to be named
CHUNK = 1 << 20

Pin = dict[str, Any]
_lists: dict[tuple[Path, str, str | None], Pin | None] = {}
_changing = Lock()


def pin_files(folder: Path, ending: str, name: str | None = None) -> Pin | None:
    """Return the files of a folder as the command first saw them, whatever comes later.

    The first call of a command writes the list beside the files, as one line of JSON
    in `<name>.json`; later calls get the same one. What has such a name is taken not to
    change any more: its sum is that of the first list that holds it.

    Parameters
    ----------
    ending
        How the names of the files end.
    name
        That of an earlier list, which is read instead.

    Returns
    -------
    dict
        `name` and `path` of the list, `sha256` over the sums of its files, and `files`:
        each one's `file`, `rows` (lines), `bytes` and `sha256`. None if there are none.

    Raises
    ------
    FileNotFoundError
        If the folder has no list of this name.
    """
    asked = folder, ending, name
    with _changing:
        if asked not in _lists:
            _lists[asked] = named(folder, name) if name else newest(folder, ending)
        return _lists[asked]


def forget_lists() -> None:
    """Forget the lists of a command that has ended; they stay beside the files."""
    with _changing:
        _lists.clear()


def named(folder: Path, name: str) -> Pin:
    """Return an earlier list."""
    file = folder / f"{name}{KIND}"
    if not file.is_file():
        there = ", ".join(one.stem for one in lists_in(folder)) or "none"
        raise FileNotFoundError(
            f"{folder} has no list {name}: name one of those that it has ({there})"
        )
    return described(file, json.loads(file.read_text(encoding="utf-8")))


def newest(folder: Path, ending: str) -> Pin | None:
    """Return the list of the files as they are now, written unless it is there."""
    known = known_files(folder)
    files = []
    for path in sorted(folder.glob(f"[!.]*{ending}")):
        try:
            files.append(known.get(path.name) or measured(path))
        except FileNotFoundError:  # somebody took it away just now
            continue
    if not files:
        return None
    lines = "".join(f"{one['sha256']}  {one['file']}\n" for one in files)
    sha256 = hashlib.sha256(lines.encode()).hexdigest()
    content = {"sha256": sha256, "files": files}
    file = folder / f"{PINNED}{sha256[:16]}{KIND}"
    new = folder / f".new-{uuid4().hex[:8]}"
    new.write_text(json.dumps(content), encoding="utf-8")
    new.chmod(0o600)
    new.replace(file)
    for old in lists_in(folder)[:-KEPT]:
        old.unlink(missing_ok=True)
    return described(file, content)


def described(file: Path, content: dict[str, Any]) -> Pin:
    return {"name": file.stem, "path": str(file), **content}


def lists_in(folder: Path) -> list[Path]:
    """Return the lists of a folder, the one that was used last at the end."""
    found = []
    for file in folder.glob(f"{PINNED}*{KIND}"):
        try:
            found.append((file.stat().st_mtime_ns, file))
        except FileNotFoundError:  # another command removed it
            continue
    return [file for _, file in sorted(found)]


def known_files(folder: Path) -> dict[str, dict[str, Any]]:
    """Return what the last list says of its files, by name."""
    for file in reversed(lists_in(folder)):
        try:
            files = json.loads(file.read_text(encoding="utf-8"))["files"]
            return {one["file"]: one for one in files}
        except (OSError, ValueError, KeyError, TypeError):  # damaged: all are read
            continue
    return {}


def measured(path: Path) -> dict[str, Any]:
    """Return a file's lines, as Spark counts them, its bytes and SHA-256."""
    digest = hashlib.sha256()
    size = breaks = 0
    last = b"\n"
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            breaks += chunk.count(b"\n") + chunk.count(b"\r") - chunk.count(b"\r\n")
            if last == b"\r" and chunk.startswith(b"\n"):  # one break, in two chunks
                breaks -= 1
            last = chunk[-1:]
    return {
        "file": path.name,
        "rows": breaks + (last not in (b"\n", b"\r")),
        "bytes": size,
        "sha256": digest.hexdigest(),
    }
