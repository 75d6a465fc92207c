"""Lists made three ways, and what it takes to start: measured, as tables."""

import json
import os
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from statistics import median

from timing.builds import Plan, say, small_sample, state_of
from timing.processes import run
from timing.sheets import Sheet, in_gib, in_seconds, ratio, spread
from timing.state import BIN, BUILD, ROOT

WAYS = {
    "NumPy": "bare NumPy loop",
    "cinespark": "cinespark",
    "recommendForAllUsers": "MLlib's recommendForAllUsers",
}
# users, movies, ratings
SHAPES = {"small": (10_000, 10_000, 1_000_000), "25M": (162_541, 59_047, 25_000_000)}
FACTORS = 64
# reads one file of five lines, and nothing is built before it
SMALL_MODEL = "stg_movielens__manifest"
CPU_OF = ("python", "jvm")


def lists(shape: str, plan: Plan) -> tuple[Sheet, dict]:
    """Return what ten movies for everybody take."""
    users, movies, ratings = SHAPES[shape]
    repeats = plan.runs if shape == "small" else 1
    sizes = {"users": users, "movies": movies, "factors": FACTORS, "ratings": ratings}
    options = [f"--{name}={value}" for name, value in sizes.items()]
    say("lists", f"{users:,} users, {movies:,} movies, {FACTORS} factors")
    with tempfile.TemporaryDirectory(dir=plan.work) as folder:
        file = Path(folder) / "lists.json"
        script = ROOT / "benchmarks" / "lists.py"
        command = [sys.executable, script, file, *options, f"--repeats={repeats}"]
        run(command, Path(folder) / "output.log", ROOT, os.environ)
        found = json.loads(file.read_text())
    took = {name: [one["seconds"] for one in found[name]] for name in WAYS}
    middle = {name: median(seconds) for name, seconds in took.items()}
    rows = [
        [
            words,
            spread(took[name]),
            ratio(middle[name], middle["NumPy"]),
            ratio(middle["recommendForAllUsers"], middle[name]),
            in_gib(max(one["peak_bytes"] for one in found[name])),
        ]
        for name, words in WAYS.items()
    ]
    note = (
        "Seen movies are left out, but for recommendForAllUsers, which keeps them. "
        f"{found['same_places'][0]:.1%} of the places of cinespark have NumPy's movie. "
        "GiB are of all processes, with the same vectors in each."
    )
    title = f"Top 10 of {movies:,} movies for {users:,} users, {FACTORS} factors"
    columns = ["by", "seconds", "/ NumPy", "times as fast as MLlib", "peak GiB"]
    return Sheet(title, columns, rows, note), found | {"sizes": sizes}


def start_up(plan: Plan) -> tuple[Sheet, dict]:
    """Return how long the short commands take, after a build of a small sample."""
    with state_of(plan) as state:
        state.deliver(small_sample(plan.work), 0)
        say("start-up", "a build of a small sample, which is not counted")
        state.dbt(*BUILD)
        commands = {
            f"dbt build -s {SMALL_MODEL}": lambda: state.dbt(
                "build", "-s", SMALL_MODEL
            ),
            "dbt ls": lambda: state.dbt("ls"),
            "cinespark show": lambda: state.run(BIN / "cinespark", "show"),
        }
        found = {name: [] for name in commands}
        for _ in range(plan.runs):
            for name, command in commands.items():
                found[name].append(command())
                say("start-up", f"{name}: {found[name][-1].seconds:.1f} s")
    rows = []
    for name, costs in found.items():
        cpu = (median(getattr(one, f"{of}_cpu") for one in costs) for of in CPU_OF)
        peak = max(one.peak_bytes for one in costs)
        seconds = spread([one.seconds for one in costs])
        rows.append([name, seconds, *map(in_seconds, cpu), in_gib(peak)])
    columns = ["command", "seconds", "CPU s of Python", "CPU s of the JVM", "peak GiB"]
    sheet = Sheet("Start-up", columns, rows, "From start to end, after a build.")
    return sheet, {
        name: [asdict(one) for one in costs] for name, costs in found.items()
    }
