"""What Spark's checkpoint of a stream says, and what is noted beside it.

Spark writes `offsets/N` before it runs batch N, and `commits/N` after the sink has it:
https://spark.apache.org/docs/latest/streaming/apis-on-dataframes-and-datasets.html
"""

import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cinespark.files import replace_file


@dataclass(frozen=True)
class Plan:
    """The last batch of a checkpoint's query, with the offsets before and after it."""

    query: str
    batch: int
    start: dict[int, int]
    end: dict[int, int]
    is_committed: bool

    @property
    def next_offsets(self) -> dict[int, int]:
        """What is to be read next, if an open batch is not in the table."""
        return self.end if self.is_committed else self.start


@dataclass(frozen=True)
class Note:
    """Which table and which topic a checkpoint is about: names can come again."""

    table: str
    topic_id: str


def checkpoint_of(state: Path, topic: str) -> Path:
    """Return the folder of the checkpoint of a topic's stream."""
    return state.absolute() / "checkpoints" / f"rating_events-{topic}"


def read_plan(checkpoint: Path, topic: str) -> Plan | None:
    """Return the last batch of a checkpoint, None if it has none yet.

    Raises
    ------
    ValueError, KeyError, FileNotFoundError
        If a file of it is not as Spark writes it.
    """
    batches = _numbers(checkpoint / "offsets")
    if not batches:
        return None
    last = max(batches)
    before = _offsets(checkpoint, last - 1, topic) if last - 1 in batches else {}
    query = str(_object(checkpoint / "metadata")["id"])
    committed = last in _numbers(checkpoint / "commits")
    return Plan(query, last, before, _offsets(checkpoint, last, topic), committed)


def forget(checkpoint: Path) -> None:
    """Remove a checkpoint, in one step for whoever looks for it."""
    gone = checkpoint.with_name(f".{checkpoint.name}.gone")
    if gone.exists():
        shutil.rmtree(gone)
    checkpoint.rename(gone)
    shutil.rmtree(gone)


def note_of(checkpoint: Path) -> Path:
    """Return the file that says which table and topic a checkpoint is about."""
    return checkpoint.with_name(f"{checkpoint.name}.json")


def read_note(checkpoint: Path) -> Note | None:
    """Return which table and topic a checkpoint is about, None if nobody noted it.

    Raises
    ------
    ValueError, KeyError
        If it is not as it was written.
    """
    file = note_of(checkpoint)
    if not file.is_file():
        return None
    found = _object(file)
    return Note(str(found["table"]), str(found["topic_id"]))


def write_note(checkpoint: Path, note: Note) -> None:
    """Note which table and topic a checkpoint is about."""
    replace_file(note_of(checkpoint), json.dumps(asdict(note)))


def _numbers(folder: Path) -> set[int]:
    return {int(file.name) for file in folder.glob("*") if file.name.isdigit()}


def _offsets(checkpoint: Path, batch: int, topic: str) -> dict[int, int]:
    """Return the offsets of the end of a batch: the last line, after the settings."""
    found = _object(checkpoint / "offsets" / str(batch)).get(topic, {})
    return {int(partition): int(offset) for partition, offset in found.items()}


def _object(file: Path) -> dict[str, Any]:
    """Return the object of JSON in the last line of a file."""
    lines = file.read_text().splitlines() or [""]
    found = json.loads(lines[-1])
    if not isinstance(found, dict):
        raise ValueError(f"{file} has no object")
    return found
