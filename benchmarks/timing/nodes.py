"""Where the time of a build goes, from what dbt writes down of it."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

# they grow with users by movies, everything else with the ratings
LISTS = ("top_n_candidates", "holdout_rankings")
# by the folder in python_models
KINDS = {
    "train": "learning",
    "score": "lists",
    "evaluate": "evaluation",
    "check": "checks and gates",
    "publish": "publishing",
    "track": "MLflow",
}
RESOURCES = {"test": "data tests", "unit_test": "unit tests", "operation": "hooks"}
WAITING = "between nodes"


@dataclass(frozen=True)
class Node:
    """One node of a build; times in seconds since 1970."""

    name: str
    kind: str
    begin: float
    end: float

    @property
    def seconds(self) -> float:
        return self.end - self.begin


def nodes_of(target: Path) -> list[Node]:
    """Return the nodes of the last build, the slowest first."""
    results = json.loads((target / "run_results.json").read_text())["results"]
    manifest = json.loads((target / "manifest.json").read_text())
    files = {
        name: node["original_file_path"]
        for part in ("nodes", "unit_tests")
        for name, node in manifest[part].items()
    }
    nodes = []
    for result in results:
        name = result["unique_id"]
        if not result["timing"] or name.startswith("exposure."):
            continue  # nothing ran
        times = [
            datetime.fromisoformat(step[which]).replace(tzinfo=UTC).timestamp()
            for step in result["timing"]
            for which in ("started_at", "completed_at")
        ]
        kind = kind_of(name, files.get(name, ""))
        nodes.append(Node(name.split(".")[2], kind, min(times), max(times)))
    return sorted(nodes, key=lambda node: -node.seconds)


def kind_of(unique_id: str, file: str) -> str:
    """Return what a node is for, in a word or two."""
    resource, _, name = unique_id.split(".")[:3]
    if resource in RESOURCES:
        return RESOURCES[resource]
    if name in LISTS:
        return "lists"
    top, folder = (*Path(file).parts, "", "")[:2]
    return KINDS.get(folder, folder) if top == "python_models" else f"SQL {resource}s"


def shared_seconds(nodes: Iterable[Node]) -> dict[str, float]:
    """Divide the time from the first node's start to the last one's end among kinds.

    Nodes that run at the same time share it evenly; `WAITING` is when none ran.
    """
    nodes = list(nodes)
    edges = sorted({time for node in nodes for time in (node.begin, node.end)})
    shares: dict[str, float] = defaultdict(float)
    for start, end in pairwise(edges):
        running = [node for node in nodes if node.begin <= start and end <= node.end]
        for node in running:
            shares[node.kind] += (end - start) / len(running)
        if not running:
            shares[WAITING] += end - start
    return dict(shares)


def where_it_goes(nodes: list[Node], started: float, wall: float) -> dict[str, float]:
    """Divide a build's wall time into start-up, kinds of nodes and its end."""
    own = [node for node in nodes if node.kind != "hooks"]
    first, last = min(n.begin for n in own), max(n.end for n in own)
    shares = sorted(shared_seconds(own).items(), key=lambda share: -share[1])
    return {
        "start-up": first - started,
        **dict(shares),
        "end": started + wall - last,
    }


def thread_seconds(nodes: Iterable[Node]) -> dict[str, float]:
    """Return nodes' own seconds by kind, which add up to more than the wall time."""
    sums: dict[str, float] = defaultdict(float)
    for node in nodes:
        sums[node.kind] += node.seconds
    return dict(sums)
