"""`cinespark maintain`, in a state folder of its own, as a user types it."""

import subprocess
import sys
from pathlib import Path

import pytest
from made_state import made_state

from cinespark.data.bring import bring
from cinespark.data.sample_params import SampleParams
from cinespark.track.client import artifacts_of, open_tracking
from cinespark.versions.versions import versions

ROOT = Path(__file__).parents[3]


@pytest.fixture
def state(tmp_path):
    """Return a state folder with what is needed, and what is not, of each kind."""
    folder = tmp_path / "a state"
    made_state(folder)
    for seed in (1, 2):
        params = SampleParams(users=9, movies=9, ratings=50, seed=seed)
        bring("sample", folder / "data", str, sample=params)
    open_tracking(folder)
    (folder / "jars").symlink_to(ROOT / "var" / "jars")
    return folder


def leftovers(state):
    artifacts = artifacts_of(open_tracking(state))
    return [
        state / "warehouse" / "prod" / "t" / "data" / "0.parquet",
        state / "rankers" / "gone" / "0123456789abcdef.npz",
        artifacts / ("0" * 32) / "artifacts" / "picture.png",
        artifacts / "models" / f"m-{'1' * 32}" / "artifacts" / "MLmodel",
        state / "exports" / ".new-20260101T000000Z-00000000" / "movies.csv",
        state / "exports" / ".old-20260101T000000Z-00000000" / "movies.csv",
        state / "data" / ".content" / "sample-0123456789ab" / "ratings.csv",
    ]


def maintain(state, *options):
    words = [sys.executable, "-m", "cinespark.cli.main", "--state-dir", state]
    done = subprocess.run(
        [*words, "maintain", *options], cwd=ROOT, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


def contents(state, leave=()):
    return {
        path: path.read_bytes()
        for part in ("warehouse", "rankers", "mlartifacts", "exports", "data")
        for path in (state / part).rglob("*")
        if path.is_file() and path not in leave
    }


@pytest.mark.slow  # runs the command twice, with Spark
def test_it_frees_what_nobody_needs_and_nothing_else(state):
    left = leftovers(state)
    named = state / "rankers" / "prod" / "fedcba9876543210.npz"
    (state / "warehouse" / "prod" / "ranker").mkdir(parents=True)
    for file in (*left, named):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"x" * 100_000)
    before, needed = contents(state), contents(state, leave=left)
    said = maintain(state, "--dry-run")
    assert contents(state) == before
    assert said == [
        "files of no table: 1, 0.1 MB",
        "rankers of no table: 1, 0.1 MB",
        "artifacts of old builds: 2, 0.2 MB",
        "unfinished versions: 2, 0.2 MB",
        "data that was replaced: 1, 0.1 MB",
        "to free: 0.7 MB",
    ]
    assert maintain(state) == [*said[:-1], "freed: 0.7 MB"]
    assert contents(state) == needed
    assert len(versions(state / "exports")) == 2
