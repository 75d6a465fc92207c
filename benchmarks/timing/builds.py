"""Whole builds, alternating with the same job done without the project."""

import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median_low
from typing import Self

from timing.environments import own_python
from timing.nodes import Node, nodes_of, thread_seconds, where_it_goes
from timing.processes import Cost
from timing.sizes import LARGE, SIZES, made
from timing.state import BUILD, ROOT, State

from cinespark.data.bring import bring
from cinespark.data.sample_params import SampleParams

SCRIPTS = {"notebook": "notebook.py", "DuckDB + implicit": "duckdb_and_implicit.py"}
BUILT = "dbt build"
# with more, recommendForAllUsers takes hours
NOTEBOOK_RATINGS = 10_000_000


@dataclass(frozen=True)
class Plan:
    """What to measure of each size."""

    work: Path
    runs: int = 3
    scripts: tuple[str, ...] = ()
    settings: dict = field(default_factory=dict)
    variables: dict = field(default_factory=dict)
    memory: str | None = None  # the notebook's, Spark's own without it


@dataclass
class Run:
    """One run: what it took, and where the time went."""

    cost: Cost
    stages: dict[str, float]
    nodes: list[Node] = field(default_factory=list)

    @property
    def thread_seconds(self) -> dict[str, float]:
        return thread_seconds(self.nodes)


@dataclass
class Measured:
    """All runs on one size, by what ran."""

    size: str
    made_seconds: float | None
    runs: dict[str, list[Run]] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)  # why, by what ran

    @classmethod
    def saved(cls, values: dict) -> Self:
        """Return what `dataclasses.asdict` made a dictionary of, and JSON a file."""
        runs = {
            name: [
                Run(
                    Cost(**one["cost"]),
                    one["stages"],
                    [Node(**n) for n in one["nodes"]],
                )
                for one in each
            ]
            for name, each in values["runs"].items()
        }
        return cls(values["size"], values["made_seconds"], runs, values["failed"])

    def seconds(self, name: str) -> list[float]:
        return [run.cost.seconds for run in self.runs.get(name, [])]

    def median(self, name: str) -> Run | None:
        """Return the run of median length, of two the shorter one."""
        runs = self.runs.get(name, [])
        if not runs:
            return None
        middle = median_low(run.cost.seconds for run in runs)
        return next(run for run in runs if run.cost.seconds == middle)


def measure(size: str, plan: Plan) -> Measured:
    """Build a size, steadily: the first build in a state folder is not counted.

    A large size is built once. What comes before it is a build of a small sample, after
    which the state folder has its databases, too; then the change of data is meant.
    """
    is_large = SIZES[size].ratings >= LARGE
    data, seconds = made(size, plan.work / "data")
    found = Measured(size, seconds)
    with state_of(plan) as state:
        before = data
        if is_large:
            before = small_sample(plan.work)
        state.deliver(before, 0)
        say(size, "the first build, which is not counted")
        state.dbt(*BUILD)
        scripts = scripts_for(size, plan)
        for name in scripts:
            tried(found, name, state, before, plan)
        if is_large:
            state.variables |= {"accept_drift": True}
        for number in range(1, 1 + (1 if is_large else plan.runs)):
            state.deliver(data, number)
            one_build(found, state, number)
            for name in scripts:
                run = tried(found, name, state, state.data, plan)
                if run is not None:
                    found.runs.setdefault(name, []).append(run)
                    say(size, f"{name} {number}: {run.cost.seconds:.1f} s")
    return found


def scripts_for(size: str, plan: Plan) -> list[str]:
    """Return the scripts that end in a time one can wait for."""
    is_too_large = SIZES[size].ratings > NOTEBOOK_RATINGS
    return [one for one in plan.scripts if one != "notebook" or not is_too_large]


def one_build(found: Measured, state: State, number: int) -> None:
    """Build what was delivered."""
    cost = state.dbt(*BUILD)
    nodes = nodes_of(state.target)
    stages = where_it_goes(nodes, cost.started, cost.seconds)
    found.runs.setdefault(BUILT, []).append(Run(cost, stages, nodes))
    say(found.size, f"{BUILT} {number}: {cost.seconds:.1f} s")


def tried(
    found: Measured, name: str, state: State, data: Path, plan: Plan
) -> Run | None:
    """Run a script, or note that it failed: with Spark's own settings it may."""
    if name in found.failed:
        return None
    try:
        return by_script(name, state, data, plan)
    except SystemExit as error:
        found.failed[name] = str(error)
        say(found.size, f"{name} failed:\n{error}")
        return None


def by_script(name: str, state: State, data: Path, plan: Plan) -> Run:
    """Do the job by a script that knows nothing of the project."""
    file = ROOT / "benchmarks" / SCRIPTS[name]
    out = state.folder / file.stem
    is_notebook = name == "notebook"
    python = sys.executable if is_notebook else own_python("duckdb")
    memory = ["--memory", plan.memory] if is_notebook and plan.memory else []
    cost = state.run(python, file, data, out, *memory)
    stages = json.loads((out / "stages.json").read_text())["stages"]
    rest = cost.seconds - sum(stages.values())
    return Run(cost, {"start and end Python": rest, **stages})


def small_sample(work: Path) -> Path:
    """Return the folder of the sample that `cinespark data sample` makes."""
    folder = work / "data" / "small"
    bring("sample", folder, lambda line: None, sample=SampleParams())
    return folder / "sample"


@contextmanager
def state_of(plan: Plan) -> Iterator[State]:
    """Yield a new state folder, which is deleted afterwards."""
    with tempfile.TemporaryDirectory(dir=plan.work, prefix="state-") as folder:
        yield State(Path(folder), plan.settings, dict(plan.variables))


def say(size: str, words: str) -> None:
    print(f"{size}: {words}", file=sys.stderr, flush=True)
