"""Time `dbt build` node by node: `python benchmarks/build_times.py [RUNS]`.

Prints the seconds of each node of the median run and how its wall time splits into
start-up (until the first node starts), SQL models, tests, learning and publishing.
Nodes run in parallel, so their seconds add up to more than the wall time; the shares
are of the nodes' seconds, scaled to the wall time after start-up.
"""

import json
import subprocess
import sys
import time
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
DBT = Path(sys.executable).with_name("dbt")


def kind_of(unique_id: str, tags: dict[str, list[str]]) -> str:
    resource = unique_id.split(".")[0]
    if resource != "model":
        return {"test": "tests", "unit_test": "tests"}.get(resource, resource)
    marks = tags.get(unique_id, [])
    return next(
        (mark for mark in ("learning", "publish") if mark in marks), "SQL models"
    )


def one_build() -> dict:
    started = time.time()
    subprocess.run([DBT, "--quiet", "build"], cwd=ROOT, check=True)
    wall = time.time() - started
    results = json.loads((ROOT / "target" / "run_results.json").read_text())["results"]
    manifest = json.loads((ROOT / "target" / "manifest.json").read_text())
    tags = {name: node.get("tags", []) for name, node in manifest["nodes"].items()}
    nodes, first = [], started + wall
    for result in results:
        if result["unique_id"].startswith("operation."):
            continue
        begin = min(
            datetime.fromisoformat(step["started_at"]).replace(tzinfo=UTC).timestamp()
            for step in result["timing"]
        )
        first = min(first, begin)
        name = result["unique_id"]
        nodes.append(
            (result["execution_time"], kind_of(name, tags), name.split(".")[2])
        )
    return {"wall": wall, "start-up": first - started, "nodes": nodes}


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    builds = sorted((one_build() for _ in range(runs)), key=lambda run: run["wall"])
    build = builds[len(builds) // 2]
    console = Console()
    table = Table("seconds", "kind", "node", title="Nodes of the median run")
    for seconds, kind, name in sorted(build["nodes"], reverse=True):
        table.add_row(f"{seconds:.2f}", kind, name)
    console.print(table)
    sums: dict[str, float] = defaultdict(float)
    for seconds, kind, _ in build["nodes"]:
        sums[kind] += seconds
    rest = build["wall"] - build["start-up"]
    shares = Table("part", "wall seconds", "share", title="Where the time goes")
    shares.add_row(
        "start-up",
        f"{build['start-up']:.1f}",
        f"{build['start-up'] / build['wall']:.0%}",
    )
    for kind, seconds in sorted(sums.items(), key=lambda item: -item[1]):
        part = rest * seconds / sum(sums.values())
        shares.add_row(kind, f"{part:.1f}", f"{part / build['wall']:.0%}")
    console.print(shares)
    walls = [run["wall"] for run in builds]
    console.print(
        f"dbt build: median {median(walls):.1f} s of {runs} runs "
        f"({', '.join(f'{wall:.1f}' for wall in walls)})"
    )


if __name__ == "__main__":
    main()
