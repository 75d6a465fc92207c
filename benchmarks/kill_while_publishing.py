"""Kill publishing at random moments: `python benchmarks/kill_while_publishing.py [N]`.

Each of N rounds (20) starts a process group that publishes version after version of
what is published here, with one number changed, registers each in MLflow and moves the
alias, all in a state folder of its own. After the first version the group is killed
with SIGKILL at a random moment within the time that publishing one takes. Then
`current` must name a version whose files all have the sums of its manifest, and
publishing again must succeed with no hand work, the alias naming what is current. The
seed of the moments is printed.
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
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from cinespark.exports import Content, publish
from cinespark.published import current_version, damaged_files, read_manifest
from cinespark.registry import DATABASE, point_alias_at
from cinespark.tracking import Build, open_tracking, register, run

ROOT = Path(__file__).parents[1]
SEED = 20260101
BUILD = Build(
    "benchmark", "prod", None, {"name": "x", "source": "x", "sha256": "0"}, {"x": "int"}
)


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    moments = random.Random(SEED)
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder)
        with run(open_tracking(state), BUILD, "build") as run_id:
            started = time.time()
            publish_once(state, run_id, 0.0)
            whole = time.time() - started
        print(f"publishing takes {whole:.2f} s; seed {SEED}", flush=True)
        outcomes: Counter[str] = Counter()
        for number in range(1, rounds + 1):
            outcomes[one_round(state, run_id, moments.uniform(0, whole), number)] += 1
    for outcome, count in sorted(outcomes.items()):
        print(f"{count:3} x {outcome}")


def one_round(state: Path, run_id: str, moment: float, number: int) -> str:
    """Kill a process that publishes; return in which state that left things."""
    exports = state / "exports"
    words = [sys.executable, __file__, "endless", str(state), run_id, str(number)]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, start_new_session=True)
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(moment)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    version = current_version(exports)
    assert version is not None
    assert damaged_files(exports, version) == [], version
    leftovers = bool(list(exports.glob(".*-*")))
    is_ahead = champion(state) != read_manifest(exports, version)["registered_version"]
    publish_once(state, run_id, float(number))
    version = current_version(exports)
    assert version is not None
    assert damaged_files(exports, version) == [], version
    assert champion(state) == read_manifest(exports, version)["registered_version"]
    assert not list(exports.glob(".*-*"))
    left = "a part of a version" if leftovers else "no leftovers"
    alias = "the alias one version behind" if is_ahead else "the alias in step"
    return f"current verifies; {left}, {alias}; the next publishing is clean"


def champion(state: Path) -> str:
    client = open_tracking(state)
    return str(client.get_model_version_by_alias("cinespark", "champion").version)


def publish_once(state: Path, run_id: str, change: float) -> None:
    """Publish what is published here, with one number changed."""
    source = ROOT / "var" / "exports"
    version = current_version(source)
    if version is None:
        sys.exit(f"nothing is published in {source}: run `make run` first")
    content = Content(
        pq.read_table(source / version / "recommendations.parquet"),
        pq.read_table(source / version / "movies.parquet"),
        {
            name: dict(np.load(source / version / f"{name}.npz"))
            for name in ("predictor", "ranker", "histories")
        },
    )
    arrays = dict(content.arrays)
    arrays["predictor"] = arrays["predictor"] | {"global_mean": np.array([change])}
    publish(
        replace(content, arrays=arrays),
        state / "exports",
        read_manifest(source, version)["about"],
        register=lambda new: register(open_tracking(state), run_id, new, {}),
        promote=lambda made: point_alias_at(
            state / DATABASE, made["registered_version"]
        ),
    )


def publish_endlessly(state: Path, run_id: str, number: int) -> None:
    for change in range(1000 * number, 1000 * number + 1000):
        publish_once(state, run_id, float(change))
        print("published", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["endless"]:
        publish_endlessly(Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
    else:
        main()
