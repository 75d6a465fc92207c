"""Get ml-100k out of a wheel, on machines that can reach only a package index."""

import subprocess
import sys
from pathlib import Path

from cinespark.data.converters import PACKED_FILES
from cinespark.errors import CineSparkError
from cinespark.files import sha256_of

REQUIREMENT = "recbole==1.2.1"
WHEEL_SHA256 = "9c9948202011f37eb0a7c6768129313f00d6403ad221ec940d5e2d5d5f33a407"
FOLDER_IN_WHEEL = "recbole/dataset_example/ml-100k"


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
