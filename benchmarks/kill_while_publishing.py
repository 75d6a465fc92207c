"""Kill publishing at random: `python benchmarks/kill_while_publishing.py [ROUNDS=20]`.

Each round starts a process group that publishes contents in turn, as fast as it can,
registers each in a real MLflow and moves the alias, with a rollback now and then; it
is killed with SIGKILL at a random moment. Then `current` must name a version that is
there, every version must be whole by its SHA-256 sums, and the next publishing must
work with no hand work in between and leave the alias at what is current. The table says
where the kills fell, by what they left behind, and how that went.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from itertools import count
from pathlib import Path

from mlflow import MlflowClient
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "python"))

from made_versions import ABOUT, content  # noqa: E402

from cinespark.names import ALIAS, DATABASE, MODEL  # noqa: E402
from cinespark.publish.publish import publish  # noqa: E402
from cinespark.publish.rollback import rollback  # noqa: E402
from cinespark.track.alias import point_alias_at  # noqa: E402
from cinespark.track.client import open_tracking  # noqa: E402
from cinespark.track.prune import forget  # noqa: E402
from cinespark.versions.manifest import Manifest, damaged_files, read_manifest  # noqa: E402
from cinespark.versions.versions import current_version, versions  # noqa: E402

SEED = 20260101
LONGEST = 1.5  # seconds until a kill; a publishing takes about a tenth of one
USERS = range(5000)
KEEP = 3
WELL = "whole, and the next publishing works"


def promote(state: Path, manifest: Manifest) -> None:
    assert manifest.about is not None
    point_alias_at(state / DATABASE, str(manifest.about.model_version))


def publish_once(state: Path, client: MlflowClient, factor: float) -> None:
    """Publish a small content that is like no other, but for its own factor's."""
    tags = {"model_version": str(factor)}

    def register(folder: Path) -> str:
        made = client.create_model_version(MODEL, str(folder), tags=tags)
        return str(made.version)

    publish(
        content(factor, users=USERS),
        state / "exports",
        replace(ABOUT, model_version=str(factor)),
        register,
        lambda manifest: promote(state, manifest),
        lambda about: forget(client, str(about.model_version)),
        KEEP,
    )


def publish_endlessly(state: Path, start: int) -> None:
    """Publish each content twice, and go back after every third one."""
    client = open_tracking(state)
    for number in count(start):
        publish_once(state, client, float(number // 2))
        print(number, flush=True)
        if number % 6 == 5:
            rollback(
                state / "exports", promote=lambda manifest: promote(state, manifest)
            )


def kill_once(state: Path, moment: float, number: int) -> None:
    """Let a process group publish, and kill it so many seconds after its first time."""
    start = str(number * 600)  # of contents that no round before published
    words = [sys.executable, __file__, "endless", str(state), start]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, start_new_session=True)
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(moment)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def is_in_step(exports: Path, client: MlflowClient) -> bool:
    """Return whether the alias names the model of the current version."""
    champion = str(client.get_model_version_by_alias(MODEL, ALIAS).version)
    current = read_manifest(exports, str(current_version(exports)))
    return bool(champion == current.registered_version)


def left_behind(exports: Path, client: MlflowClient) -> str:
    """Return in which step a kill fell, by its traces."""
    steps = {
        ".new-current-*": "moving current",
        ".new-*": "writing",
        ".old-*": "removing",
    }
    for pattern, step in steps.items():
        if list(exports.glob(pattern)):
            return step
    return "in between" if is_in_step(exports, client) else "before the alias moved"


def wrong_versions(exports: Path) -> list[str]:
    """Return what is wrong with the versions and the line that names the current."""
    current = current_version(exports)
    is_lost = current not in versions(exports)
    damaged = {name: damaged_files(exports, name) for name in versions(exports)}
    return [f"current names {current}, which is not there"] * is_lost + [
        f"{name} is damaged: {', '.join(files)}"
        for name, files in damaged.items()
        if files
    ]


def one_round(
    state: Path, client: MlflowClient, moment: float, number: int
) -> tuple[str, str]:
    """Kill and publish again; return where the kill fell, and how that went."""
    exports = state / "exports"
    kill_once(state, moment, number)
    wrong = wrong_versions(exports)
    step = left_behind(exports, client)
    publish_once(state, client, -float(number))
    wrong += wrong_versions(exports)
    if leftovers := list(exports.glob(".*-*")):
        wrong.append(f"{len(leftovers)} leftovers stay")
    if not is_in_step(exports, client):
        wrong.append("the alias is not at what is current")
    return step, "; ".join(wrong) or WELL


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    moments = random.Random(SEED)
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder)
        client = open_tracking(state)
        client.create_registered_model(MODEL)
        outcomes = Counter(
            one_round(state, client, moments.uniform(0, LONGEST), number)
            for number in range(1, rounds + 1)
        )
    table = Table(title=f"{rounds} kills with SIGKILL, seed {SEED}")
    table.add_column("the kill fell")
    table.add_column("then what is there is")
    table.add_column("times", justify="right")
    for (step, outcome), times in outcomes.most_common():
        table.add_row(step, outcome, str(times))
    Console().print(table)
    if any(outcome != WELL for _, outcome in outcomes):
        sys.exit(1)


if __name__ == "__main__":
    if sys.argv[1:2] == ["endless"]:
        publish_endlessly(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        main()
