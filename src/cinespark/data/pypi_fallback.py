"""Get ml-100k out of a wheel, on machines that can reach only a package index."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from cinespark.data.folder import how_read
from cinespark.data.reading import Reading
from cinespark.errors import CineSparkError
from cinespark.files import sha256_of

REQUIREMENT = "recbole==1.2.1"
WHEEL_SHA256 = "9c9948202011f37eb0a7c6768129313f00d6403ad221ec940d5e2d5d5f33a407"
FOLDER_IN_WHEEL = "recbole/dataset_example/ml-100k"
PACKED_FILES = ("ml-100k.inter", "ml-100k.item", "ml-100k.user")


def unpack_wheel(folder: Path, sha256: str = WHEEL_SHA256) -> None:
    """Download the wheel with pip, as pip is configured here, and unpack its ml-100k.

    Raises
    ------
    CineSparkError
        If pip cannot download the wheel, or the wheel is not the expected one.
    """
    from cinespark.data.download import check_sum, unzip

    command = ["download", "--no-deps", "--only-binary=:all:", REQUIREMENT]
    manners = ["--quiet", "--retries=1", "--timeout=15", "--disable-pip-version-check"]
    done = subprocess.run(
        [sys.executable, "-m", "pip", *command, "--dest", str(folder), *manners],
        capture_output=True,
        check=False,
    )
    wheels = list(folder.glob("*.whl"))
    if done.returncode != 0 or len(wheels) != 1:
        # pip may print the address of a private index, so its output is not repeated
        raise CineSparkError(
            f"pip could not download {REQUIREMENT} (to see why: "
            f"{Path(sys.executable).name} -m pip {' '.join(command)})"
        )
    (wheel,) = wheels
    check_sum(sha256_of(wheel), sha256, wheel.name)
    members = {f"{FOLDER_IN_WHEEL}/{file}": folder / file for file in PACKED_FILES}
    unzip(wheel, members, optional=set())


def packed_readings(folder: Path) -> dict[str, Reading]:
    """Return how what the wheel holds is read, with GroupLens's titles and genres."""
    readings = how_read(folder)
    movies = replace(readings["movies.csv"], prepare=as_grouplens_has_it)
    return {**readings, "movies.csv": movies}


def as_grouplens_has_it(fields: list[str]) -> list[str]:
    """Return a movie of the wheel: one title is misspelt there, "unknown" no genre."""
    item, title, year, genres = fields
    title = "unknown" if title == "unkonwn" else title
    known = [name for name in genres.split() if name != "unknown"]
    return [item, title, year, " ".join(known)]
