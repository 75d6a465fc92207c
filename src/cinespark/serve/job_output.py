"""What a job said: its stage from dbt's events, and the last lines of its output."""

import json
import re
from collections import deque
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cinespark.printable import printable

TAIL_BYTES = 2**18  # of the output
LONGEST_LINE = 2000  # characters
STARTED = "LogStartLine"  # the event of a node that begins, n of m
OTHERS = ("LogHook", "LogStartBatch", "LogBatch")  # of no node, or a part of one
STYLE = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")  # of a terminal
HIDDEN = "*****"  # as dbt writes what is secret
# names of variables whose values nobody may see, and values that say what they are
SECRET_NAME = re.compile(r"SECRET|TOKEN|PASSW|CREDENTIAL|API_?KEY|PRIVATE", re.I)
SECRETS = (
    (re.compile(r"\bcs_[\w-]{20,}"), HIDDEN),  # tokens of this service
    (re.compile(r"(\bbearer\s+)\S+", re.I), rf"\1{HIDDEN}"),
    (re.compile(r"(://[^\s/:@]*:)[^\s/@]+@"), rf"\1{HIDDEN}@"),
    (
        re.compile(
            r"(\b\w*(?:secret|token|passw(?:or)?d|api_?key)\s*[=:]\s*)\S+", re.I
        ),
        rf"\1{HIDDEN}",
    ),
)
SHORTEST_SECRET = 6  # shorter values are words that stand anywhere


def stage_of(events: Path) -> dict[str, Any] | None:
    """Return how far a build is, of the events that dbt wrote.

    Returns
    -------
    dict
        `node`, the one that began last; `running`, all that have begun and not ended;
        `started`, `finished` and `total` are numbers of nodes. None before the first.
    """
    node, total = None, 0
    started: dict[str, str] = {}  # names by id, in order
    finished: set[str] = set()
    for event in events_in(events):
        kind, data = event["info"]["name"], event["data"]
        about = data.get("node_info", {})
        if "index" not in data or "unique_id" not in about or kind.startswith(OTHERS):
            continue
        key = about["unique_id"]
        name = started.setdefault(key, about.get("node_name") or key)
        if kind == STARTED:
            node, total = name, data["total"]
        else:
            finished.add(key)
    if node is None:
        return None
    return {
        "node": node,
        "running": [name for key, name in started.items() if key not in finished],
        "started": len(started),
        "finished": len(finished),
        "total": total,
    }


def events_in(file: Path) -> Iterator[dict[str, Any]]:
    """Yield the events in a log of dbt that are whole."""
    try:
        with file.open(encoding="utf-8", errors="replace") as lines:
            for line in lines:
                try:
                    event = json.loads(line)
                except ValueError:
                    continue  # it is being written
                if isinstance(event, dict) and {"info", "data"} <= event.keys():
                    yield event
    except FileNotFoundError:
        return


def last_lines(file: Path, count: int, environment: Mapping[str, str]) -> list[str]:
    """Return the last lines of a text, plain and without secrets.

    Parameters
    ----------
    environment
        Values of variables whose names say that they are secret are not in the lines.
    """
    try:
        with file.open("rb") as stream:
            start = max(0, stream.seek(0, 2) - TAIL_BYTES)
            stream.seek(start)
            text = stream.read().decode("utf-8", "replace")
    except FileNotFoundError:
        return []
    lines = text.splitlines()
    if start:
        del lines[:1]  # the end of a line
    hide = hidden_values(environment)
    found = deque(lines, maxlen=count)
    return [plain(line, hide)[:LONGEST_LINE] for line in found]


def hidden_values(environment: Mapping[str, str]) -> list[str]:
    """Return the values that must not be shown, longest first."""
    found = {
        value
        for name, value in environment.items()
        if SECRET_NAME.search(name) and len(value) >= SHORTEST_SECRET
    }
    return sorted(found, key=len, reverse=True)


def plain(line: str, hide: list[str]) -> str:
    """Return a line as text alone, with stars for what is secret."""
    line = printable(STYLE.sub("", line))
    for value in hide:
        line = line.replace(value, HIDDEN)
    for pattern, shown in SECRETS:
        line = pattern.sub(shown, line)
    return line
