"""What whole builds say, as tables."""

from collections.abc import Sequence

from timing.builds import BUILT, Measured, Run
from timing.sheets import NONE, Sheet, in_gib, in_seconds, ratio, spread
from timing.sizes import SIZES

SLOWEST = 15


def sheets(found: Sequence[Measured]) -> list[Sheet]:
    """Return all that builds of several sizes say together."""
    is_compared = any(set(one.runs) - {BUILT} or one.failed for one in found)
    return [*([compared(found)] if is_compared else []), growth(found)]


def compared(found: Sequence[Measured]) -> Sheet:
    """Return the build next to the scripts that do the same job."""
    rows = []
    for one in found:
        notebook = one.median("notebook")
        for name in one.runs:
            run = one.median(name)
            assert run is not None
            cost = run.cost
            rows.append(
                [
                    f"{one.size}: {name}",
                    spread(one.seconds(name)),
                    ratio(cost.seconds, notebook and notebook.cost.seconds),
                    in_gib(cost.peak_bytes),
                    in_gib(cost.jvm_bytes),
                    in_seconds(cost.python_cpu),
                    in_seconds(cost.jvm_cpu),
                    ratio(cost.cpu, notebook and notebook.cost.cpu),
                ]
            )
        empty = [NONE] * 6
        rows += [[f"{one.size}: {name}", "failed", *empty] for name in one.failed]
    return Sheet(
        "The same job",
        [
            "ratings: by",
            "seconds",
            "/ notebook",
            "peak GiB",
            "of it JVM",
            "CPU s: Python",
            "JVM",
            "CPU / notebook",
        ],
        rows,
        "Medians (least to most) of builds and scripts that take turns, each time on a "
        "new delivery; GiB and CPU seconds are of the median run. DuckDB + implicit "
        "notes no run in MLflow, and its ALS predicts no stars.",
    )


def stages(one: Measured) -> Sheet:
    """Return where the time of the median runs goes, part by part."""
    rows = []
    for name in one.runs:
        run = one.median(name)
        assert run is not None
        threads = run.thread_seconds
        for stage, seconds in run.stages.items():
            rows.append(
                [
                    f"{name}: {stage}",
                    in_seconds(seconds),
                    f"{seconds / run.cost.seconds:.0%}",
                    in_seconds(threads.get(stage)),
                ]
            )
        total = [f"{name}: all", in_seconds(run.cost.seconds), "100%"]
        rows.append([*total, in_seconds(sum(threads.values())) if threads else NONE])
    return Sheet(
        f"Where the time goes, {one.size} ratings",
        ["part", "seconds", "share", "nodes' own seconds"],
        rows,
        "Nodes that run at the same time share the seconds; their own seconds, from "
        "start to end, add up to more.",
    )


def slowest(one: Measured) -> Sheet:
    """Return the nodes of the median build that took longest."""
    build = one.median(BUILT)
    nodes = build.nodes[:SLOWEST] if build else []
    rows = [[f"{node.kind}: {node.name}", in_seconds(node.seconds)] for node in nodes]
    return Sheet(f"Slowest nodes, {one.size} ratings", ["node", "seconds"], rows)


def growth(found: Sequence[Measured]) -> Sheet:
    """Return how a build grows with the ratings: one column per size."""
    builds = [one.median(BUILT) for one in found]
    params = [SIZES[one.size] for one in found]
    runs = [build for build in builds if build is not None]
    kinds = {kind: 0 for run in reversed(runs) for kind in run.thread_seconds}
    without = [without_lists(run) for run in runs]
    before = [None, *without][: len(runs)]
    pairs = zip(without, before, strict=True)
    rows = [
        ["users", *(f"{one.users:,}" for one in params)],
        ["movies", *(f"{one.movies:,}" for one in params)],
        ["making the data, s", *(in_seconds(one.made_seconds) for one in found)],
        ["build, s", *(in_seconds(run.cost.seconds) for run in runs)],
        ["nodes that make lists, s", *(in_seconds(lists_of(run)) for run in runs)],
        ["build without them, s", *map(in_seconds, without)],
        ["/ the size before", *(ratio(now, then) for now, then in pairs)],
        ["peak GiB", *(in_gib(run.cost.peak_bytes) for run in runs)],
        ["of it Python", *(in_gib(run.cost.python_bytes) for run in runs)],
        ["of it the JVM", *(in_gib(run.cost.jvm_bytes) for run in runs)],
        ["CPU s of Python", *(in_seconds(run.cost.python_cpu) for run in runs)],
        ["CPU s of the JVM", *(in_seconds(run.cost.jvm_cpu) for run in runs)],
        ["start-up, s", *(in_seconds(run.stages["start-up"]) for run in runs)],
    ]
    for kind in kinds:
        own = (in_seconds(run.thread_seconds.get(kind)) for run in runs)
        rows.append([f"nodes' own s: {kind}", *own])
    return Sheet(
        "Growth of a build",
        ["ratings", *(one.size for one in found)],
        rows,
        "A build's memory is the proportional set size of all its processes at the "
        "worst moment.",
    )


def lists_of(run: Run) -> float:
    return run.stages.get("lists", 0.0)


def without_lists(run: Run) -> float:
    """Return a build's seconds but for the share of nodes that make lists."""
    return run.cost.seconds - lists_of(run)
