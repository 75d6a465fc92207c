"""The sizes that are measured: made-up ratings in the shapes of the MovieLens sets."""

import time
from pathlib import Path

from cinespark.data.bring import bring
from cinespark.data.sample_params import SampleParams

SEED = 42
SIZES = {
    "100k": SampleParams(users=943, movies=1_682, ratings=100_000, seed=SEED),
    "1M": SampleParams(users=6_040, movies=3_706, ratings=1_000_000, seed=SEED),
    "10M": SampleParams(users=69_878, movies=10_677, ratings=10_000_000, seed=SEED),
    "25M": SampleParams(users=162_541, movies=59_047, ratings=25_000_000, seed=SEED),
}
# of a build that is measured once; smaller ones are built several times
LARGE = 5_000_000


def made(size: str, folder: Path) -> tuple[Path, float | None]:
    """Return the folder of a size's five files, and the seconds that making it took.

    It is kept for the next time, with a note of the seconds.
    """
    sample, note = folder / size / "sample", folder / size / "seconds.txt"
    before = sample.resolve() if sample.exists() else None
    started = time.perf_counter()
    bring("sample", folder / size, lambda line: None, sample=SIZES[size])
    if sample.resolve() != before:
        note.write_text(str(time.perf_counter() - started))
    return sample, float(note.read_text()) if note.is_file() else None
