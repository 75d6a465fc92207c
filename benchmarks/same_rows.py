"""Publish the same data on 1, 2 and 4 cores: `python benchmarks/same_rows.py [FOLDER]`.

Each build has a state folder of its own, so nothing is taken over from another. Printed
is what differs from the first one: rows of lists, and the largest difference of stars.
With CORETYPE another kind of processor is asked of OpenBLAS, which rounds otherwise.
Data is made up, unless a name or a folder is given, as for `cinespark data`.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pandas as pd
import yaml
from rich.console import Console
from rich.table import Table

from cinespark.data.bring import bring
from cinespark.data.sample_params import SampleParams

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
SAMPLE = SampleParams(users=150, movies=200, ratings=6000, seed=5)
CORETYPE = {"OPENBLAS_CORETYPE": "Nehalem"}  # without the wide sums of later ones
BUILDS: dict[str, tuple[str, int, dict[str, str]]] = {
    "local[2]": ("local[2]", 4, {}),
    "local[2] again": ("local[2]", 4, {}),
    "local[1], 1 shuffle partition": ("local[1]", 1, {}),
    "local[4], 8 shuffle partitions": ("local[4]", 8, {}),
    "BLAS allowed 4 threads": ("local[2]", 4, {"OPENBLAS_NUM_THREADS": "4"}),
    "BLAS of another processor": ("local[2]", 4, CORETYPE),
}


def build(folder: Path, name: str, data: str) -> Path:
    """Build and publish, and return the folder of the version."""
    master, partitions, environment = BUILDS[name]
    state = folder / "state"
    state.mkdir(parents=True)
    (state / "jars").symlink_to(ROOT / "var" / "jars")
    profiles = yaml.safe_load((ROOT / "profiles.yml").read_text())
    for output in profiles["cinespark"]["outputs"].values():
        output |= {"state_dir": str(state), "master": master}
        output["spark_config"] = {"spark.sql.shuffle.partitions": str(partitions)}
    (folder / "profiles.yml").write_text(yaml.safe_dump(profiles))
    sample = SAMPLE if data == "sample" else None
    manifest = bring(data, state / "data", lambda line: None, sample=sample)
    variables = json.dumps({**manifest.vars, "evaluate": "none"})
    words = ["run", "--quiet", "--vars", variables, "--profiles-dir", folder]
    done = subprocess.run(
        [BIN / "dbt", *words, "--target-path", folder / "target"],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise SystemExit(f"{name}: {done.stdout}{done.stderr}")
    exports = state / "exports"
    return exports / (exports / "current").read_text().strip()


def differences(first: Path, other: Path) -> tuple[int, float]:
    """Return how many places of lists have another movie, and how far stars differ."""
    keys = ["user_id", "rank"]
    lists = [
        pd.read_parquet(one / "recommendations.parquet").set_index(keys)
        for one in (first, other)
    ]
    movies = [one["movie_id"] for one in lists]
    a, b = movies[0].align(movies[1])
    stars = [
        one.reset_index().set_index(["user_id", "movie_id"])["predicted_rating"]
        for one in lists
    ]
    return int((a != b).sum()), float((stars[0] - stars[1]).abs().max())


def main() -> None:
    data = sys.argv[1] if len(sys.argv) > 1 else "sample"
    table = Table(
        "build", "same content", "places with another movie", "stars, largest"
    )
    first = None
    with tempfile.TemporaryDirectory() as top:
        for number, name in enumerate(BUILDS):
            version = build(Path(top) / str(number), name, data)
            first = first or version
            is_same = version.name.split("-")[1] == first.name.split("-")[1]
            places, stars = differences(first, version)
            words = "yes" if is_same else "no"
            table.add_row(name, words, f"{places:,}", f"{stars:.1e}")
            print(name, words, places, stars, flush=True)
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
